"""How good the first hits are: questions with judged records, asked of each engine.

``collection`` makes the records that are judged, ``judgements`` reads the graded questions, ``metrics`` says what an
order of hits is worth, ``run`` asks and ``report`` shows.
"""
