"""From what centres wrote to one code system: diagnoses, sites, tumours, facilities, events."""
