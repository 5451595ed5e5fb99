package io.kompletion.chat.sentence

/** Words that usually begin a sentence, and hardly ever a name. */
internal const val ENGLISH_STARTERS = """
i i'm i've i'd i'll he he's he'd he'll she she's she'd she'll it it's it'd it'll we we're we've we'd we'll you you're
you've you'd you'll they they're they've they'd they'll there there's here here's this that that's these those the a
an my your his her its our their mine somebody someone everybody everyone everything nobody nothing something anything
who what when where why how which whose what's who's where's how's and but or so yet nor because although though while
if unless until since after before once as whereas whenever in on at by for from with without during under over
through between among despite besides along across behind however therefore moreover furthermore meanwhile otherwise
instead then thus hence also still finally later now today yesterday tomorrow tonight sometimes often usually perhaps
maybe indeed actually apparently fortunately unfortunately surprisingly recently suddenly eventually currently
generally is are was were am do does did have has had can could will would shall should may might must isn't aren't
wasn't don't doesn't didn't can't couldn't won't wouldn't let let's please some many most few several both each every
either neither another other others any all no none not only even such just like unlike more less much one two three
four five six seven eight nine ten yes yeah ok okay well oh thanks thank sorry hello hi hey add delete continue start
stop take make use try check click turn go come look keep put give tell ask remember note call read write run find get
see
"""

internal val ENGLISH = AbbreviationData(
    never = """
        mister rt brig br dcn ven abp card del cong comr commr dep ofc ofcr assemb coun sur messers hons lic
        magist gens cols lts fr bp archbp sec treas amb comdr ens sp spp subsp subg spec spc wm chas geo jas jos
        thos mssrs drs profs revs sens reps govs det insp cllr ald jcs capts cmdrs sgts supts op.cit ibid et.al
        f.e resp incl excl est.d fl circa ing dipl m/s mmes sts atl
    """,
    open = """
        ave blvd rd sq ln hwy pkwy ct apt dept univ assn assoc ass'n bldg ctr intl natl govt gov't Ala Ariz Ark
        Calif Cal Colo Conn Del Fla Ga Ill Ind Kan Kans Ky La Mass Md Me Mich Minn Miss Mo Mont Neb Nebr Nev
        Okla Ont Ore Pa Penn Que Sask Tenn Tex Va Vt Wash Wis Wisc Wy Wyo Ida Haw DC Mon Tue Tues Wed Weds Thu
        Thur Thurs Fri Sat Sun Rec Gov Transp Fin Util Veh Welf Inst Educ Civ Crim Proc Evid Cir Supp App Appx
        Rptr Dist Misc Rest Bus Prof Code Stat Const Fed Reg Regs Ann Bankr Juv Prob Sup Ct Cl Div Mem Op Rul
        Admin Comm Adj Bd Cong Sess Res Rep Jour Gaz Exec Ord Int'l Ass'n asst est misc dist sect ser str var
        subgen cv ssp aff cit ref refs med mil dip psych tbl tbls Tabs supp suppl exh exhs sched Pt pt pts para
        paras subsec subsecs subpara sec secs reg regs alg thm cor lem defn def obs rem prob prop ex exs eqn
        eqns eq eqs aux Apps chap Chaps Arts cl amend encl illus Append Trans Eds vols repr Comdt Cdr Dir Mgmt
        Mfg Hdqrs Ft Mtn Pk Ctr Hts Is Isl Pen Terr Prov Twp Co Ter Pl Cres Est Cos Grp Hldgs Ltda Oy Kft Ges Bk
        Bks Tit Sch Par Pars Sub Lect Conj Rmk Hyp Props Probs viz Rs rs So P.O Ph ph Bros no.s
    """,
    numbered = """
        ver rev ed min max avg temp wt qty amt fax approx pg pgs fn ann bk bks fol qu ques par pars tit att anx
        gr loc mod sch sub ex tel ext rm ste lot sec art app rs apt cor rem prob ser para
    """,
    starters = ENGLISH_STARTERS,
)
