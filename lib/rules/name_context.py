"""What around a word tells whether it names a person or a place, in English and Spanish, in lower case."""

from lib.rules.names import words_in

LOCATES = words_in(
    """
    above across along alongside around at avenida barrio before behind below beneath beside between beyond bulevar
    by cabe calle calzada camino carretera colonia corner crossing cruce desde down en entre esquina fraccionamiento
    from hacia hasta in inside into junto metro near nearby off on onto opposite outside over past por round rumbo
    sobre through toward towards tras under up via zona
    """
)
"""Words before what is rather a place than a person."""

LOCATES_OF = words_in(
    """
    avenida barrio block bottom calle center centre cerca city ciudad close colonia corner cross crosses delante
    detrás east edge end entrada entrance esquina este foot frente half intersection lado mercado middle
    neighborhood neighbourhood next norte north oeste parking parque part plaza section side south stretch sur top
    town west
    """
)
"""Words before "of", "to", "de", "a" and "con" that make a place of what follows."""

SMALL = words_in(
    """
    e el la las los n ne north nw s se south sw the w
    """
)
"""What stands between them and the place."""

ARTICLES = words_in(
    """
    a an each el every la last next that the this un una
    """
)
"""What stands before a thing and not before a name."""

OFTEN_PLACES_OR_DAYS = words_in(
    """
    april august autumn diego dolores domingo florence francisco israel jackson jasmine jordan june lourdes madison
    marina may mercedes milagros paz rosario salvador savannah sierra soledad summer victoria virginia warren
    """
)
"""Given names that with a capital are as often something else."""

WHAT_SOMEBODY_DOES = words_in(
    """
    art autumn chance chase don drew grant guy hope may rich rob rusty sandy sue summer van will
    """
)
"""Given names that after "my neighbor" are rather a word."""

WORDS_FIRST = words_in(
    """
    amber angel april art august autumn bill blanca brooke carmen chad chance chase chuck clay cliff cruz crystal
    daisy dale dawn dean destiny dolores domingo don drew faith fay felicidad flor frank gene ginger glen grace
    grant guy hazel heather holly homer hope hunter iris ivy jack jade jasmine jay jean joy june lance leo lily
    lourdes luz mark marshall mason may mercedes milagros miles nick norm olive pat paz pearl penny pilar randy ray
    reed rich rick rob robin rocky rod rosa rosario rose ruby rusty sally salvador sandy savannah sierra sol soledad
    sterling sue summer van victor viola violet wade ward warren will woody wren
    """
)
"""Given names that in lower case are rather words."""

WORDS_LAST = words_in(
    """
    bailey baker barnes bautista bell brown butler campos cardenas carter castillo coleman cook cooper cox cruz
    delgado fisher flores foster fuentes gray green griffin guerrero hall harris hill king lane lee long medina
    miller moore morales moreno page park parker perry pollard price reyes rich rivers robles rojas rosales ross
    salinas sandoval santiago santos silva soto taylor torres turner vega walker ward washington west white wong
    wood woods wright young
    """
)
"""Family names that in lower case are rather words."""
