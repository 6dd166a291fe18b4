"""Words that say nothing of what a concern is about: in Spanish articles, pronouns, prepositions, forms of ser, estar
and haber (English ones come with scikit-learn); in both languages kinds of streets, times, and how people complain."""

_SPANISH = """
ahora algo alguien algún alguna algunas alguno algunos allá allí ante antes aquel aquella aquellas aquellos aquí así
aun aún aunque bajo bastante bien cada casi como cómo con contra cual cuál cuales cualquier cuando cuándo cuanto
del desde donde dónde dos durante ella ellas ellos entonces entre era eran eres esa esas ese eso esos esta está
estaba estaban estamos están estar estas este esto estos estoy favor fue fueron gente gracias había habían hace
hacen hacer hacia han hasta hay incluso las les los luego más menos mientras mis mismo misma mucha muchas mucho
muchos muy nada nadie ninguna ninguno nos nosotros nuestra nuestras nuestro nuestros nunca otra otras otro
otros para parece pero poco pocos por porque pronto pueda puede pueden pues que qué quien quién quienes sea sean
según ser será siempre sin sino sobre son soy sus también tampoco tan tanto tener tengo tiene tienen toda todas
todavía todo todos tras tres una unas uno unos usted ustedes vamos van varias varios veces vez vive voy
"""

SPANISH = frozenset(_SPANISH.split())

_SAYS_LITTLE = """
ave avenue avenues block blocks boulevard corner corners drive lane lot lots north place road roads south east west
street streets way alley square near close nearby next front side area around
time times hour hours day days night nights morning mornings evening evenings afternoon week weeks weekend month months
year years today yesterday tonight monday tuesday wednesday thursday friday saturday sunday summer winter spring autumn
always never often sometimes usually usual ago later soon since till midnight noon
going goes went come comes came coming gets got getting put puts make makes made take takes took taken keep keeps kept
say says said tell told ask asked asks know knows think feel feels look looks looking see sees seen saw want wants need
needs needed help helps let lets try use used uses using work works start started stop stops stopped happen happens
neighbour neighbours neighbor neighbors resident residents open opens opened
thing things lot bit kind sort way ways someone somebody anyone anybody nobody everybody everyone people person
one two three four five six seven eight nine ten once twice dozen half
good bad big small little new old long short late early much many really just like please thanks thank again already
don doesn didn isn wasn aren won can cannot could would should
calle calles avenida avenidas esquina cuadra cuadras lado cerca frente dentro fuera lugar
hora horas día días noche noches mañana mañanas tarde tardes semana semanas mes meses año años hoy ayer lunes martes
miércoles jueves viernes sábado domingo
vecino vecinos vecina vecinas
cosa cosas persona personas ver veo dice dicen decir pasa pasan pasar queda quedan poner pone ponen dejan dejar ayuda
necesita necesitamos gran grande pequeño nuevo viejo mal buena bueno otra solo sólo
"""

SAYS_LITTLE = frozenset(_SAYS_LITTLE.split())
