"""A city's own files, read into frames with a report of what was refused. Nothing here writes; services store.

- `files`: opening what cities publish, as rows of text with line numbers; `textual` reads delimited text,
  `records` JSON and workbooks, `layers` maps.
- `columns`: the names cities give to the date, the category, the coordinates, their own id and beat code.
- `beats`: polygons of any projection into one WGS 84 multipolygon per beat code.
- `incidents`: recorded crime or calls into one frame; `dates`, `coordinates` and `keys` are its harder questions.
- `assigning`: which beat a point lay in on a day. `figures`: adults per beat.
- `report`: what every import ends in.
"""
