"""A national network whose truth is known: people, tumours and care paths, then what each centre would send.

Published shares are met by quotas, not by luck: a draw of 2,000 patients shows the published percentages.
"""
