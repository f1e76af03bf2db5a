"""Floor 4¾: what ``from siegel import …`` offers, over floors 1 to 4½ and the wording.

Pure like those floors. The engine below is imported by the first call that needs it.
"""
