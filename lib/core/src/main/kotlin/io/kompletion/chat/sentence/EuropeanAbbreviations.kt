package io.kompletion.chat.sentence

internal val GERMAN = AbbreviationData(
    never = """
        fa hr hrn fr frl bzw vgl s.o s.u u z d h b i.d.r i.a o.ä u.ä usf evtl ggf inkl exkl zzgl abzgl sog bspw
        insb insbes einschl gem lt mio mrd tsd ing dipl mag phil jur nat habil kath evang ev str.n geb gest
        verh dt dtsch frz engl lat griech allg bes betr ehem eigtl entspr jew max min mind mitt nachm vorm od
        rd sen jun sel st tägl techn theol urspr vorl wg zus zw zzt o u.u i.v m.e v.a z.t n.chr v.chr s bl gr
        hl kgl kl lfd obb
    """,
    open = """
        str usw etc abs anm aufl bd bde ders dies hrsg hg jg jh jhd jhs kap nr ziff zit abb tab tel art ges pl
        abt
    """,
    numbered = "s nr abs abb kap art bd str tel ziff hs jg",
    starters = """
        der die das den dem des ein eine einen einem einer ich du er sie es wir ihr man dies diese dieser
        dieses jene jener dort da hier dann danach deshalb daher darum jedoch aber und oder denn doch sondern
        auch noch nur nun heute gestern morgen jetzt später zuerst zudem außerdem trotzdem dennoch allerdings
        wenn weil als obwohl während nachdem bevor ob dass wie was wer wo wann warum wohin woher welche
        welcher in im am an auf aus bei mit nach seit von vom vor zu zum zur über unter durch für gegen ohne
        um mein meine dein deine sein seine ihre unser unsere kein keine alle viele einige manche jeder jede
        bitte danke ja nein ist sind war waren hat haben kann können so damit dafür dazu davon dabei natürlich
        vielleicht leider endlich schließlich
    """,
)

internal val FRENCH = AbbreviationData(
    never = """
        m mm mlles mmes me mgr pr dr st ste c.-à-d p.ex cf env art.s av bd fg sq all éd hab inf sup boul chap
        coll fig réf ex adj adv auj c.à.d n.b s.a.r apr dep dép ing vve
    """,
    open = """
        etc ann art bibl bull cie éts ets réd s.a sté suiv tél vol janv févr avr juil sept oct nov déc
    """,
    numbered = "p pp art no n fig chap vol t",
    starters = """
        le la les l' un une des du de ce cet cette ces je j'ai tu il elle on nous vous ils elles mon ma mes
        ton ta tes son sa ses notre nos votre vos leur leurs et ou mais donc or ni car si quand lorsque comme
        puisque parce que qui quoi où comment pourquoi combien quel quelle dans en sur sous avec sans pour par
        vers chez depuis pendant après avant entre à au aux aussi alors ainsi puis ensuite enfin cependant
        pourtant toutefois hier demain aujourd'hui maintenant ici là voici voilà tout toute tous toutes
        plusieurs certains chaque aucun c'est c'était y merci oui non bonjour très peut-être
    """,
)

internal val SPANISH = AbbreviationData(
    never = """
        sr sra srta sres sras d dª dña da dn ing lic licda arq abog dra prof profa gral gob pdte pdta mons fr
        hno hna sto sta p.ej p.e ej av avda aprox ca cf esq excmo excma ilmo ilma párrf párr prov pág.s tte
        cnel cap sgto admón ee mtro mtra lcdo lcda hnos gte cmdte vicepdte q.e.p.d s.a.r vda depto dpto
    """,
    open = """
        etc cía cia tel teléf núm s.a s.l ene febr abr ag agt sept oct nov dic ed edit vol vols apdo izq dcha
        ee.uu
    """,
    numbered = "pág págs art arts núm nº no n° cap vol fig párr párrf p",
    starters = """
        el la los las un una unos unas yo tú él ella ello nosotros vosotros ellos ellas usted ustedes mi mis
        tu tus su sus nuestro nuestra este esta esto estos estas ese esa eso esos esas aquel aquella y e o u
        pero sino aunque si cuando donde como porque pues que quien qué quién cómo cuándo dónde por para con
        sin en de desde hasta hacia sobre tras entre durante según también además entonces luego después antes
        ahora hoy ayer mañana aquí allí así ya no sí se me te nos lo le les hay es son era fue ha han está
        están todo toda todos todas muchos algunos cada ningún gracias hola afortunadamente finalmente
    """,
)

internal val ITALIAN = AbbreviationData(
    never = """
        sig sig.ra sig.na sigg sig.ri dott dott.ssa dr prof prof.ssa avv ing arch geom rag on mons s ss don
        p.es es ecc.mo gent egr spett col gen cap ten mag v.le v p.za l.go c.so tel psicol d all pag.g st a.c
        d.c cfr ca art.s cav comm min sen dep pres dir ill.mo reg spett.le gent.ma gent.mo
    """,
    open = """
        ecc etc s.p.a s.r.l co f.lli gen feb mar apr mag giu lug ago set sett ott nov dic ediz ed vol cap fig
        tav
    """,
    numbered = "pag pagg p art artt n nn num cap vol fig tab tav",
    starters = """
        il lo la i gli le l' un uno una io tu lui lei noi voi loro egli ella essi questo questa questi queste
        quello quella quelli quelle mio mia tuo tua suo sua nostro vostro e ed o ma però quindi dunque se
        quando dove come perché mentre che chi cosa quale di da in con su per tra fra a al alla ai nel nella
        dal dalla sul sulla dopo prima durante senza anche poi allora infine oggi ieri domani ora adesso qui
        qua là così non sì no è sono era ha hanno c'è ci si mi ti tutto tutti tutte molti alcuni ogni nessuno
        grazie ciao buongiorno arrivederci forse
    """,
)
