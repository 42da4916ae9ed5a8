"""From local records to persons: what is certain by rule, what is likely by weight, what a human must decide."""
