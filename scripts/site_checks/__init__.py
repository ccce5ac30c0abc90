"""The checks that prove a built site good; scripts/site_check.py runs them."""
