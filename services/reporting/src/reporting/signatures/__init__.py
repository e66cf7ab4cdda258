"""Outside electronic signatures under reports: attached as files, looked through, kept. An outside service tells if they are genuine."""
