"""
Drafts of a register: from a page kept by hand (read, understood row by row), or from answers.

The way leads from a page's text (pagehtml, pageblocks, pagewalk, pagetables, pagerows,
handwritten) by the words of six languages (vocabulary) to files (draft*, emitting) and their first
folder (starting).
"""
