-- A reading of the source lies in a temporary table of its connection now (decision 0049).
drop table staged;
