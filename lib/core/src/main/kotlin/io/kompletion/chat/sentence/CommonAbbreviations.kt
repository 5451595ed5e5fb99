package io.kompletion.chat.sentence

internal const val COMMON_NEVER = """
mr mrs ms mx dr prof messrs mmes mlle mme mgr msgr rev hon gen col maj capt cpt cmdr lt sgt cpl pvt pfc sfc ssgt adm
gov sen rep pres atty supt e.g i.e eg viz vs cf al approx ca z.b d.h u.a sr.a sra srta sig.ra sig.na dott
"""

internal const val COMMON_OPEN = """
st ste mt Inc Ltd Co Corp Bros LLC LLP PLC Plc Pty Pte Sdn Bhd Cie GmbH jr sr Esq etc co corp inc ltd Jan Feb Mar Apr
Jun Jul Aug Sep Sept Oct Nov Dec
"""

internal const val COMMON_NUMBERED = "no nos nr n° nº num fig figs tab p pp vol art § cap ch pt op bd"

internal const val COMMON_UNITS = "ft in lb lbs oz yd mi km cm mm kg min sec hr hrs"

/** What follows an ordinal number in German, in the Nordic languages and in those around them. */
internal const val ORDINAL_NOUNS = """
januar jänner februar märz april mai juni juli august september oktober november dezember jan feb apr jun jul aug sep
okt nov dez jahrhundert jahrhunderts jahrhunderte jahrtausend jahrtausends stock stockwerk etage klasse platz mal
geburtstag auflage kapitel semester tag woche monat quartal halbjahr januars weltkrieg weltkriegs obergeschoss og liga
runde jahrestag kongress bezirk teil band armee division staffel lebensjahr spieltag rang sinfonie hälfte
"""

internal val OTHER = AbbreviationData(
    never = """
        г гг ул д см т.е т.д т.п т.н проф акад гр тыс млн млрд руб пр вул dhr mevr mw bl bijv d.w.z f.eks bl.a
    """,
    open = "др стр рис ст журн чл год хв стор див вид рр обл напр вып изд dvs osv m.v",
    numbered = "rs стр рис ст",
    starters = ENGLISH_STARTERS + """
        de det den der jeg han hun vi hvad hvem hvor du er og men ik jij hij zij wij het een eu ele ela nós
        eles elas ja ty on ona my wy oni ben sen biz siz onlar він вона ми ви вони це он она мы вы они это я
    """,
)
