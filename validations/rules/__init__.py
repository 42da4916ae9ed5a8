"""The rule catalogue: every check on the data once, one module per family.

Names of sources: IARC (Technical Report 42, as CanReg5 applies it), NC (NORDCAN), CRC (BBMRI colorectal checks), DNPM
(Germany), I4RC (IDEA4RC sarcoma model), RC (REDCap rules), CBIO (cBioPortal), NS (our proposals after the NETSARC+
indicators). A rule of status `proposal` awaits clinical sign-off and is shown as such.
"""
