"""Common given names and family names, by which a name in a text is recognised.

A selection of our own of what is common in the United States, in English and Spanish. Which names are common is public:
the Social Security Administration's lists of given names and the Census Bureau's of family names (works of the US
government, in the public domain). No list is complete: longer ones (`lib/rules/words.py`), titles
and phrases such as "his name is" find others (`lib/rules/likely_names.py`).
"""


def words_in(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


GIVEN = words_in(
    """
    aaron abigail adam adriana agnes alan alba albert alberto alejandra alejandro alex alexander alexandra alfonso
    alfredo alice alicia alison amanda amelia amy ana andrea andres andrew andrés angela angelica angélica anita ann
    anna anne anthony antonio araceli ariana armando arthur arturo ashley barbara beatriz becky benjamin bernard
    bernardo berta betty beverly brandon brenda brian bridget bryan caleb camila carla carlos carol carolina
    caroline catalina catherine cecilia cesar chelsea cheryl chloe christian christina christine christopher cindy
    claudia connor consuelo courtney craig cristina cynthia césar daniel daniela danielle darius darlene david
    deborah debra denise dennis derek diana diane dmitri donald donna doris dorothy douglas dylan edgar edith eduard
    eduardo edwin elaine eleanor elena eli elias elijah elizabeth ellen emilio emily emma enrique eric erica erik
    erika ernesto esteban esther ethan eugene evelyn fatima fatimah federico felipe felix fernanda fernando
    francisca frank fred gabriel gabriela gary gavin gerald gerardo gina giovanni gloria gonzalo graciela greg
    gregory guillermo gustavo hannah harold hassan heather hector heidi helen henry hernan hilda howard hugo héctor
    ibrahim ignacio inés irene isaac isabel isabella isaiah ismael ivan iván jacob jacqueline jaime jamal janet
    janice jared jason javier jeff jeffrey jenna jennifer jeremiah jeremy jerome jerry jesse jessica jill jim jimmy
    joan joanna joaquin joaquín jocelyn joe joel johanna johnny jonathan jorge jose josefina joseph joshua josé
    joyce juan juana juanita judith judy julia julian julie julio justin karen karina karl kate katherine kathleen
    kathy katie kayla keisha keith kelly kenneth kevin kim kimberly kristen kyle lakisha larry latoya laura lauren
    laurie lawrence leah leandro leonardo leslie leticia liam lillian linda lisa logan lois lorena lorenzo lori
    louis louise lucas lucia lucía luis luisa luke lupe lydia lynn manuel manuela marcela marcia marco marcos marcus
    margaret margarita maria mariana marie marilyn mario marisol marissa marlene martha martin martín marvin mary
    maría mateo matthew maurice mauricio megan melissa melvin miguel mike mohamed mohammed moises moisés monica
    monique mónica nadia nancy natalia natalie nathan nathaniel nicholas nicolas nicole nicolás noah noel norma
    octavio olga oliver olivia omar oscar pablo pamela patricia patricio patrick paul paula paulina pedro peggy
    peter philip phillip phyllis rachel rafael ralph ramiro ramon ramón randy raquel raul raymond raúl rebecca rene
    rené ricardo richard robert roberto rodrigo rogelio roger roland rolando ronald roxana ruben rubén russell ruth
    ryan samantha samuel sandra sara sarah scott sean sebastian sebastián sergio shannon sharon shawn sheila shirley
    silvia simon sofia sofía sonia sophia stacy stephanie stephen steve steven stuart susan susana sylvia tamara
    tanya tara teresa terry theodore theresa tiffany timothy tina tomas tomás tracy travis tyler tyrone ulises
    valeria vanessa veronica verónica vicente vincent vivian walter wanda wayne wendy wesley william xavier yolanda
    yvonne zachary zoe óscar
    """
)
"""Given names that are no other word of English or Spanish, in lower case."""

GIVEN_TOO = words_in(
    """
    abel alan amber angel april art ashley august austin autumn bill blanca bob brad brooke bruce carmen chad chance
    charlie charlotte chase chris chuck clara clay cliff colin concepción cruz crystal daisy dale dan dawn dean
    destiny diego dolly dolores domingo don drew duc edward eva faith fay felicidad flor florence francis francisco
    frank gene ginger glen grace grant guy hazel heather henry holly homer hope hunter iris israel ivy jack jackson
    jade james jasmine jay jean jerry jesus jesús john jordan josh joy june kay ken kim lance leo leonard lily linda
    lourdes luz lynn mack madison marc marina mark marshall mason matt max may mercedes mia milagros miles mort nick
    norm olive olivia otto pat paz pearl penny pete phil pilar randy ray reed regina rich rick rita rob robin rocky
    rod rosa rosario rose roy ruby rusty sally salvador sam sandy savannah scott sierra sol soledad stella sterling
    sue summer ted thomas tim tom tommy tony van victor victoria viola violet virginia wade ward warren will woody
    wren ángel
    """
)
"""Given names that are also words, places or months: with a family name beside them only."""

FAMILY = words_in(
    """
    aguilar alexander allen alvarado alvarez anderson andrade arellano bailey baker barnes bautista bell bennett
    brown bryant butler campbell campos cardenas carter castillo castro chavez chen chávez clark coleman collins
    contreras cooper cortez cox cruz cárdenas davis delgado diaz dominguez domínguez díaz edwards escobar espinoza
    estrada evans fernandez fernández figueroa flores foster fuentes garcia garcía garza gomez gonzales gonzalez
    gonzález gray green griffin guerrero gutierrez gutiérrez guzman guzmán gómez hall harris hayes henderson
    hernandez hernández herrera hill howard hughes ibarra jackson jenkins jimenez jiménez johnson jones juarez
    juárez kelly kim king lee lewis long lopez lópez maldonado marquez martin martinez martínez medina mejia mejía
    mendez mendoza miller mitchell molina montoya moore morales moreno morgan morris munoz murphy murray muñoz myers
    márquez méndez navarro nelson nguyen nunez núñez ochoa oconnor orozco ortega ortiz pacheco padilla parker patel
    patterson perez perry peterson pham phillips powell price pérez quintero ramirez ramos ramírez reed reyes
    reynolds richardson rios rivera roberts robinson robles rodriguez rodríguez rogers rojas romero rosales ross
    ruiz russell ríos salazar salinas sanchez sanders sandoval santiago santos scott serrano silva simmons singh
    smith solis solís sosa soto stewart suarez sullivan suárez sánchez taylor thomas thompson torres tran trujillo
    turner valdez vargas vasquez vazquez vega velasquez velásquez villanueva villarreal vásquez vázquez walker
    wallace ward washington watson white williams wilson wong wood wright yang young zamora zapata zimmerman zuniga
    zúñiga álvarez
    """
)
"""Family names, in lower case."""

PLACE_AFTER = words_in(
    """
    academy alley apartments arboretum arena ave avenue beach bike blvd boulevard bridge building bus cafe café
    cathedral center centre church circle clinic college corner court crescent ct deli district dr drive elementary
    estates ferry field fountain garage garden gardens grocery hall harbor heights high highway hill hospital hotel
    house island jr junction lake landing lane library light ln lot market memorial middle mosque museum parade park
    parking parkway path pharmacy pier pl place playfield playground plaza point pool quarter rd reservoir ridge
    road school shelter shop shopping square st stadium stairs station statue store street synagogue temple terminal
    terrace theater theatre tower towers trail tunnel university valley view village walk way woods
    """
)
"""What a place that bears a name has behind it ("Martin Luther King Jr Way"), in lower case."""

PLACE_BEFORE = words_in(
    """
    av avda avenida biblioteca bulevar c calle callejón calzada camino carrera cerrada colegio escuela estación fort
    glorieta hospital iglesia instituto lake mercado metro mount mt museo parque pasaje paseo plaza plazuela port
    privada puente puerto saint san santa santo st teatro
    """
)
"""What a place that bears a name has before it ("calle Juan Pérez", "San José"), in lower case."""

NO_NAMES = words_in(
    """
    a al alguien an and april are at august ayer but by city con cuando de december del desde domingo donde east el
    ella ellos en english es esa ese esta este every february friday hace hay he his hoy i if in is it its january
    jueves july june la las lo los lunes march martes may me mi miércoles monday mr mrs muy my nadie ni no nobody
    north nos not november o october of on or our para pero please police por porque que quien saturday se september
    she si siempre sin so some south spanish su sunday sus sábado también tenemos that the their then there these
    they this thursday to toda todo todos tuesday un una unos us viernes vive viven was we wednesday west what when
    where who why will with y ya yo you your
    """
)
"""Words that begin with a capital at the start of a sentence, or always, and are no part of a name."""

STREETS = words_in("green hill king lee washington white young")
"""Family names that are as often a street's or a place's."""
