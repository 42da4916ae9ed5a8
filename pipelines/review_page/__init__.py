"""The local page of the review queue: identities, for one browser of this machine. Integration zone."""
