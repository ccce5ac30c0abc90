"""
Plans: what each vendor should hold today, why, and who has to agree to what follows from it.
"""
