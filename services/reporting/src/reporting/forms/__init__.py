"""The federal forms the service knows: editions are data, one YAML file each."""
