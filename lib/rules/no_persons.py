"""Words with a capital that name no person though they stand in no list of ordinary words, in lower case.

A selection of our own: peoples and languages, states and cities, holidays, what people drive, buy and use.
"""

from lib.rules.names import words_in

NO_PERSONS = words_in(
    """
    african africans airbnb alaska albuquerque amazon american americans android angeles apple arab arabic arabs
    arizona arkansas asia asian asians atlanta atlantic audi aurrerá australia australian ave bangladesh berlin
    bluetooth blvd bmw bodega boston boulevard brazil brazilian britain british broadway brooklyn buddhist buick
    cadillac california cambodia cambodian camry canada canadian cantonese caribbean catholic catholics caucasian
    chevrolet chevy chicago chile china chinese christian christians christmas chrysler civic coke colombia
    colombian colorado comcast connecticut coppel corolla corvette costco covid craigslist cuba cuban dakota dallas
    delaware denver detroit diego diwali dominican doordash ducati dutch easter ebay ecuador egypt elektra england
    english eritrea eritrean escalade español española estados ethiopia ethiopian europe european facebook farsi
    fedex ferrari filipino filipinos finland florida ford france francisco french georgia german germans germany gmc
    goodwill google greek greyhound guatemala guatemalan haiti haitian halloween hanukkah harley hawaii hebrew hindi
    hindu hispana hispanic hispanics hispano hmong hollywood honda honduran honduras houston hummer hyundai idaho
    ikea illinois impala imss india indian indiana indians infiniti inglés instagram internet iowa iphone iran
    iranian iraq iraqi ireland irish islam islamic israeli issste isuzu italian italy jamaica jamaican japan
    japanese jeep jersey jewish jews jr juneteenth kansas kawasaki kentucky kenya kia kleenex kmart korea korean
    koreans laos laotian latina latinas latino latinos latinx lebanese lexus lincoln linkedin london louisiana
    lutheran lyft maine mandarin maryland massachusetts mazda mcdonald mcdonalds mediterranean mercedes metro
    mexican mexicana mexicano mexicans mexico miami michigan microsoft minnesota mississippi missouri mitsubishi
    montana mormon muslim muslims mustang méxico narcan navajo navidad nebraska netflix nevada nextdoor nicaragua
    nigeria nigerian nissan norteamericano norwegian ohio ok okay oklahoma oldsmobile oregon orleans oromo oxxo
    oxycontin pacific pakistan pakistani panama paris pascua pemex pennsylvania pepsi persian peru philadelphia
    philippines phoenix playstation plymouth poland polish pontiac porsche portland portugal portuguese presbyterian
    prius punjabi quaker ramadan rav reddit romanian russia russian russians sacramento safeway salvadoran samoan
    santa saturn scion scottish seattle semana sienna sikh silverado snapchat somali somalia somalis sony soriana
    spain spaniard spanish spotify sr sra st starbucks styrofoam subaru subway sudan sudanese suzuki swat sweden
    swedish swiss syria syrian taco tacoma tagalog tahoe taiwan target telcel telmex tennessee tesla texas thai
    thailand thanksgiving tibetan tigrinya tiktok toyota trader turkey turkish twitter tylenol uber uganda ukraine
    ukrainian unidos ups usps utah vancouver vegas venezuela venezuelan verizon vermont vespa viagra vietnam
    vietnamese virginia volkswagen volvo walgreens walmart washington wendys whatsapp wifi wisconsin wrangler
    wyoming xbox xmas yamaha yelp yiddish york youtube yugoslavia zillow zoom
    """
)
"""Peoples, places, days, brands."""
