"""Reports, decisions, sanctions and appeals: what moderators do, and how it is answered."""
