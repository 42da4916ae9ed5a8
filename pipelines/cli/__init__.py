"""The command line `reseau`: the same steps as the DAGs, for a person or a cron."""
