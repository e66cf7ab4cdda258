"""Lists as files: the register, the queue, free places, results of an allocation; as XLSX, CSV or PDF with the footer of 4.5."""
