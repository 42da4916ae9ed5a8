"""End well when the command line of Airflow takes each of the commands, given as JSON."""

import json
import sys

from airflow.cli.cli_parser import get_parser

for command in json.loads(sys.argv[1]):
    get_parser().parse_args(command)
