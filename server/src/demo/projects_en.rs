//! The English projects of the demo.

use super::plot::{Ends, Fate, Plot, gift};
use projects::Category;

pub const PLOTS: &[Plot] = &[
    Plot {
        key: "mori",
        category: Category::Tech,
        creator: "mori_time",
        title: "Mori: a clock that only shows the hour",
        summary: "No minutes, no seconds, no alarm. An e-paper clock for people who are already late and at peace with it.",
        story: "It is about three. That is all Mori will tell you, and after a week you will be surprised how often it is enough.

## Why no minutes

We built a clock with minutes first. Everyone who tested it looked at it forty times a day. Then we took the minutes away, and people looked **six times a day** and described their afternoons with words like *wide*.

## What it is

- A 4.2-inch e-paper face, drawn anew once an hour
- A case of Korean ash, oiled, 11 cm across
- One battery lasts two years
- No radio of any kind: it has nobody to talk to

## What it is not

A good idea for cooking eggs.

## Where the money goes

The case is milled by a workshop in Wonju that usually makes drawer handles. They need forty orders to set up the jig. We have the electronics, the patience, and eleven prototypes that our parents keep asking us to collect.",
        goal: 2_000_000,
        fate: Fate::Live { percent: 92, opened: 17, ends: Ends::Days(8) },
        gifts: &[
            gift("A postcard at about noon", "We post it at noon. It arrives when it arrives.", 6_000, 2),
            gift("Mori in ash", "The clock, with a stand and a hook.", 68_000, 5),
            gift("Mori in walnut", "Darker, for rooms that take time seriously.", 84_000, 5).of(40),
            gift("A pair, one hour apart", "For two people in two time zones.", 129_000, 5).of(20),
        ],
    },
    Plot {
        key: "weather",
        category: Category::Tech,
        creator: "tinyweather",
        title: "Windowsill: a weather station the size of a matchbox",
        summary: "It measures the weather where you are, not at an airport 28 km away where nobody lives.",
        story: "The forecast said sun. We were standing in the rain. The nearest station turned out to be behind two mountains.

## One matchbox, five numbers

- Temperature and humidity
- Air pressure
- Light
- How hard it rains (it listens to the drops)

Readings appear on a small display and, if you like, on an open map that belongs to nobody and everybody.

## Open from the first day

Schematics, firmware and case are published. You can build one from parts without us; we will help.

> We missed the goal this time. The drawings stay online, and a neighbourhood school is building thirty of them by hand this winter. Thank you for cheering.",
        goal: 2_500_000,
        fate: Fate::Unfunded { percent: 41, opened: 41, ended: 12 },
        gifts: &[
            gift("A cloud of thanks", "A printed cloud, chosen from ten kinds.", 5_000, 2),
            gift("One matchbox", "Assembled, tested, calibrated on our roof.", 55_000, 6),
            gift("A classroom set", "Ten kits to solder together, with a lesson plan.", 420_000, 7).of(8),
        ],
    },
    Plot {
        key: "cardigan",
        category: Category::Fashion,
        creator: "sundaywool",
        title: "The Sunday Cardigan, knitted from one unbroken thread",
        summary: "No seams, no hurry. Each cardigan takes a day to knit, and that day is never a Monday.",
        story: "Most cardigans are sewn together from five pieces, and they come apart along the same lines. Ours is knitted in one go, from the collar down.

## The wool

It comes from a flock of 140 sheep on the slopes of Daegwallyeong. We know some of them by name; one of them knows us and is not impressed.

- Undyed: **oat, fog or charcoal**, as the sheep were
- 480 grams, warm but not a radiator
- Mended free for five years

## The pace

Two machines, two people, one cardigan each a day. If we are funded, we buy a third machine and hire Mrs. Bae, who taught us.

## Sizes

From XS to 4XL at one price. If it does not fit, we knit another and give yours to a shelter.",
        goal: 3_000_000,
        fate: Fate::Live { percent: 18, opened: 6, ends: Ends::Days(27) },
        gifts: &[
            gift("A mending kit", "A darning egg, three needles and thread.", 18_000, 2),
            gift("Sunday beanie", "What the leftover wool becomes.", 36_000, 4),
            gift("The Sunday Cardigan", "Choose size and sheep after the campaign.", 128_000, 6).of(60),
        ],
    },
    Plot {
        key: "ondol",
        category: Category::Living,
        creator: "ondolworks",
        title: "Warm Square: an ondol mat for exactly one person",
        summary: "Korean floor heating, one square metre at a time. Heats you, your book and at most one cat.",
        story: "Heating a whole room to warm one pair of feet never made sense to anybody's grandmother. In an old Korean house you simply moved closer to the warm part of the floor.

## How it works

A thin layer of clay plaster stores heat; a carbon film below it draws **45 watts**, less than an old light bulb. Fifteen minutes to warm, forty minutes to cool after you switch it off.

1. Unroll it
2. Sit down
3. Cancel your plans

## Safe

It never goes above 42 °C, switches off after three hours, and notices when nobody has moved for a while. The certificate is in the updates.

## The cover

Quilted cotton, washable, in persimmon, pine or rice. The persimmon one hides tea stains. We checked, not on purpose.",
        goal: 1_200_000,
        fate: Fate::Funded { percent: 144, opened: 39, ended: 8 },
        gifts: &[
            gift("Spare cover", "For the person who does hide tea stains.", 29_000, 2),
            gift("Warm Square", "One mat with one cover.", 78_000, 3),
            gift("Two squares", "For two people who agree about everything but temperature.", 148_000, 3).of(25),
        ],
    },
    Plot {
        key: "balm",
        category: Category::Beauty,
        creator: "ssuk",
        title: "One Tin: a mugwort balm you refill for life",
        summary: "Lips, elbows, the squeaky hinge of a bicycle. One aluminium tin, refilled by post.",
        story: "Mugwort, *ssuk* in Korean, grows between paving stones and in every recipe our grandmothers trusted. We steep it in camellia oil for forty days and stir in beeswax.

## Four ingredients

- Camellia oil from Jeju
- Mugwort picked in April, before it turns bitter
- Beeswax
- A little rice bran oil

Nothing else. It smells like a meadow that has been politely asked to be quiet.

## The tin

It is heavier than it needs to be because it should be the last one you buy. When it is empty, send us a stamp and we send you **a refill wrapped in paper**. The tin has no brand on it, only a small leaf.

## Tested

On sixty-two pairs of hands: two potters, a pastry cook, nine cyclists and our dentist. Not on animals, though the dog volunteered.",
        goal: 1_000_000,
        fate: Fate::Live { percent: 66, opened: 13, ends: Ends::Days(11) },
        gifts: &[
            gift("One tin", "30 ml, enough for a winter.", 19_000, 2),
            gift("One tin and a year of refills", "Four refills, each as the season begins.", 48_000, 3),
            gift("A tin with your name", "Stamped by hand, slightly crooked.", 27_000, 3).of(40),
        ],
    },
    Plot {
        key: "makgeolli",
        category: Category::Food,
        creator: "brewclub",
        title: "Makgeolli for beginners: brew rice wine in a jar",
        summary: "Rice, water, nuruk, nine days. A kit with everything you need and a book that forgives everything you do.",
        story: "Makgeolli is the friendliest drink we know: cloudy, a little sparkling, and ready in nine days. It is also nearly impossible to buy fresh outside Korea. So brew it.

## In the box

- Two kilos of glutinous rice
- *Nuruk*, the wheat starter, from a village that makes nothing else
- A three-litre onggi jar with a breathing lid
- A muslin bag, a wooden paddle and a thermometer
- **The Forgiving Book**, 96 pages

## The Forgiving Book

Each chapter is a mistake. *It smells like bananas. It does not bubble. It bubbles too much and the cat is wet.* Find your chapter, do what it says, drink the result.

## Thank you

You filled the jar three times over. The second potter has been hired and the paddles are being carved.",
        goal: 500_000,
        fate: Fate::Funded { percent: 310, opened: 43, ended: 16 },
        gifts: &[
            gift("The Forgiving Book", "On paper, with room for your own mistakes.", 22_000, 1),
            gift("The kit", "Everything above. You add water and nine days.", 74_000, 2),
            gift("The kit and an evening class", "Online, small, and rather cheerful towards the end.", 98_000, 2).of(30),
        ],
    },
    Plot {
        key: "nightmarket",
        category: Category::Games,
        creator: "lanterntable",
        title: "Night Market: a cooperative game of lanterns and dumplings",
        summary: "One to four players run a row of food stalls until sunrise. It gets busy. Somebody drops the dumplings. It is always you.",
        story: "The lanterns are lit, the rain has stopped, and two hundred hungry people are coming round the corner. You have four stalls, one wok and a friend who insists on decorating.

## How a night goes

1. **Dusk**: draft the dishes you will cook
2. **Rush**: serve guests before their patience burns down
3. **Rain**: pull the awnings together or lose a row
4. **Dawn**: count the smiles

You win or lose together. There is no quiet leader telling everyone what to do, because everyone is cooking at once.

## What makes it different

Guests are not cards but wooden figures who *queue*, *push in* and *wander off* along a real street that you lay out every night.

## In the box

- 84 dish cards, 36 guests, 9 street tiles
- A cloth awning you will unroll more often than you need to
- Rules in English and Korean, sixteen pages each

Play time: 50 minutes. Age: 9 and up, or 7 with a patient aunt.",
        goal: 800_000,
        fate: Fate::Live { percent: 275, opened: 23, ends: Ends::Days(5) },
        gifts: &[
            gift("Print and play", "Everything as files. Bring scissors.", 9_000, 2),
            gift("Night Market", "The game with its cloth awning.", 46_000, 6),
            gift("Night Market for the club", "Four copies in one parcel.", 168_000, 6).of(20),
            gift("Name a dish", "Your dish is drawn and dealt for ever. Within reason.", 130_000, 7).of(8).leaving(1),
        ],
    },
    Plot {
        key: "dokkaebi",
        category: Category::Comics,
        creator: "baekdraws",
        title: "My Landlord Is a Dokkaebi, volume one",
        summary: "The rent is cheap, the walls are thin, and on the full moon he wants to wrestle.",
        story: "Sora needs a room in Seoul. The room needs a tenant who does not mind a thousand-year-old goblin in the boiler cupboard.

## About the book

*Dokkaebi* are the goblins of Korean folk tales: loud, generous, bad at keeping secrets and very good at wrestling (always push from the left). Ours also manages a building.

- 176 pages, black with one colour: **boiler orange**
- Collects chapters 1 to 9, with a new one about the deposit
- A glossary of goblins by Sora's grandmother, who has opinions

## Where we are

All pages are drawn. Lettering is done for seven chapters of ten. I letter by hand, which is a decision I renew every morning with tea.

## What your pledge pays

Printing 800 copies, shipping them, and three months of rent to a landlord who, sadly, is an ordinary person.",
        goal: 700_000,
        fate: Fate::Live { percent: 133, opened: 15, ends: Ends::Days(14) },
        gifts: &[
            gift("Digital", "The whole volume as PDF and CBZ.", 10_000, 2),
            gift("Paperback", "Signed if you ask, with a goblin if you ask nicely.", 24_000, 4),
            gift("Paperback and boiler print", "A two-colour print, A4, numbered.", 39_000, 4).of(60),
        ],
    },
    Plot {
        key: "sparrows",
        category: Category::Publishing,
        creator: "sparrowpress",
        title: "A Field Guide to the Sparrows of One Street",
        summary: "Four hundred and twelve sparrows, one street in Mapo, two years of looking up from a second-floor window.",
        story: "Bird guides are full of eagles. This one is about the birds you actually have.

## What is in it

For two years I watched one street from one window. I learned to tell forty-one sparrows apart, and to pretend with the rest.

- A map of every ledge, with its owner
- The great dust-bath dispute of last May
- How to walk so that they do not mind you
- **Portraits** in pencil, life size

## Why it matters

There are half as many sparrows in the city as when I was born. You cannot protect what you have never looked at, and looking costs nothing.

## The book

128 pages, thread-sewn, small enough for a coat pocket. It opens flat at *Crumbs*.",
        goal: 600_000,
        fate: Fate::Funded { percent: 158, opened: 37, ended: 4 },
        gifts: &[
            gift("The field guide", "One copy, with a pencil.", 19_000, 2),
            gift("Guide and a portrait", "An original drawing of one sparrow. You get to name it.", 65_000, 2).of(12),
            gift("Three guides", "For a street of your own.", 51_000, 2),
        ],
    },
    Plot {
        key: "platforms",
        category: Category::Music,
        creator: "platforms",
        title: "Songs for Empty Platforms",
        summary: "Ten songs recorded at ten railway stations where trains no longer stop.",
        story: "There are stations in Gangwon where the timetable still hangs and the last line says 1998. We took a cello, two voices and a harmonium that weighs more than the cellist.

## The record

Each song was made in one day at one station, with whatever was there: a bench, a bell, wind in a signal box. Nothing was added later.

## The plan

- Mixing in spring
- 300 records on recycled vinyl
- A concert on a platform, by a train that stops just this once

> We did not reach the goal. The songs will come out as files when they are ready, and the train driver says the offer stands.",
        goal: 2_200_000,
        fate: Fate::Unfunded { percent: 38, opened: 34, ended: 2 },
        gifts: &[
            gift("The songs", "As files, with the sound of each station.", 10_000, 4),
            gift("The record", "Each a slightly different grey.", 42_000, 8).of(300),
            gift("A seat on the train", "There and back, with songs at the stop.", 85_000, 9).of(40),
        ],
    },
    Plot {
        key: "choir",
        category: Category::Film,
        creator: "saltwater",
        title: "The Breath Between: a film about a diving women's choir",
        summary: "They can hold their breath for two minutes. Singing, it turns out, is harder.",
        story: "On a small island off Jeju, fourteen women dive for abalone without tanks, as their mothers did. The youngest is sixty-one. Last winter they founded a choir because the doctor said it would be good for their lungs. It was not about the lungs for long.

## The film

A feature documentary, about eighty minutes. We follow one year: the season, the rehearsals, the argument about the descant, and a performance in a harbour in the rain.

## What is filmed

- Three of four seasons
- Forty hours under water, by a camerawoman who is a diver's daughter
- Every rehearsal but one, which we were **asked to leave**

## What is missing

The spring, the edit, and the sound. Sound matters most: half of this film is breathing.

## Who we are

Three people and a boat that we borrow. Our last short was shown at eleven festivals and in one fish market.",
        goal: 3_200_000,
        fate: Fate::Live { percent: 51, opened: 26, ends: Ends::Days(16) },
        gifts: &[
            gift("Your name in the credits", "Between the tides.", 12_000, 12),
            gift("Online premiere", "Watch it the evening it is finished.", 24_000, 12),
            gift("Harbour screening", "A folding chair, a blanket and soup.", 70_000, 12).of(50),
            gift("A day on the boat", "Early, cold, unforgettable. Two people.", 380_000, 9).of(5).leaving(3),
        ],
    },
    Plot {
        key: "murals",
        category: Category::Art,
        creator: "bigslow",
        title: "Big Slow Walls: a mural painted by four hundred strangers",
        summary: "One brush, one wall, one stroke per person. We think it will take eight months.",
        story: "Most murals are finished in a weekend and explained for years. We would like to try it the other way round.

## The idea

There is a wall, 31 metres long, behind the old ice factory. Every passer-by is handed **one brush and one colour** and paints one stroke. No sketch. Only a rule: *your stroke must touch somebody else's*.

## What we have

- The wall, for two years, in writing
- A scaffold on loan
- Paint for about a quarter of it

## What we need

- Paint for the rest
- A roof over the paint
- Somebody who is there every day, and is paid for it

We photograph the wall each evening at six. At the end there will be a film of 240 pictures, eight seconds long.",
        goal: 5_000_000,
        fate: Fate::Live { percent: 9, opened: 5, ends: Ends::Days(33) },
        gifts: &[
            gift("A stroke by proxy", "Tell us a colour; somebody paints it for you and sends a photograph.", 10_000, 6),
            gift("The eight-second film", "And all 240 pictures of it.", 25_000, 10),
            gift("A metre of wall", "Your name on the plan, a print of your metre.", 160_000, 10).of(31),
        ],
    },
    Plot {
        key: "hamlet",
        category: Category::Stage,
        creator: "suitcase",
        title: "Hamlet, for two puppeteers and one suitcase",
        summary: "Fifty-eight minutes, nine puppets, everybody dies, the suitcase closes. We come to your living room.",
        story: "Theatres are expensive and far away. Living rooms are close and have better chairs. We put *Hamlet* into one suitcase and rehearsed until it shut.

## What happens

- The ghost is a desk lamp
- Polonius is a sock, and it is *very* sad
- Ophelia is made of paper and water. Please do not sit in the first row in suede

## The tour

Forty living rooms, libraries and ferry decks between Busan and Sokcho. Each evening costs the host a pot of soup.

## What you pay for

1. A second suitcase, because the first one has had it
2. Train tickets for two people and one prince
3. Fees for two puppeteers at the rate the union asks for

## Languages

Played in English with Korean surtitles, written on cards and held up by Horatio.",
        goal: 1_000_000,
        fate: Fate::Live { percent: 101, opened: 28, ends: Ends::Minutes(317) },
        gifts: &[
            gift("Your name inside the lid", "Written in ink. It travels with us.", 10_000, 2),
            gift("A seat in somebody's living room", "We tell you where and when.", 32_000, 3),
            gift("Our suitcase, your living room", "Up to twenty-five guests. You make the soup.", 240_000, 4).of(4).leaving(2),
        ],
    },
    Plot {
        key: "ruler",
        category: Category::Design,
        creator: "approximate",
        title: "About 30: a ruler that admits it is not sure",
        summary: "Marked in “a bit”, “roughly this” and “near enough”. Accurate to within good intentions.",
        story: "Every ruler you have ever owned was lying a little. Wood moves with the weather, steel with the warmth of your hand. About 30 is the first to say so.

## The scale

| Mark | Means |
|--|--|
| a bit | less than you think |
| roughly this | what you had in mind |
| near enough | stop measuring |
| oh dear | measure again |

## Seriously, though

The other edge is an excellent ruler: engraved, filled, exact to a tenth of a millimetre over 30 cm. We are makers of drawing instruments by trade, and we have a reputation to lose.

- Maple, quarter-sawn so that it hardly moves
- Edges you can draw ink along
- Lies flat, hangs straight

## Since you asked

Yes, there will be a set square. It is *sort of* ninety degrees on one side.",
        goal: 300_000,
        fate: Fate::Live { percent: 420, opened: 11, ends: Ends::Days(19) },
        gifts: &[
            gift("About 15", "The short one, for short doubts.", 14_000, 3),
            gift("About 30", "The ruler, in a tube marked “ruler, probably”.", 24_000, 3),
            gift("The drawing set", "Both rulers and the set square.", 52_000, 4).of(20).leaving(3),
        ],
    },
    Plot {
        key: "bojagi",
        category: Category::Crafts,
        creator: "hanaweaves",
        title: "Bojagi for beginners: a box of scraps, a needle and a Sunday",
        summary: "Learn the seam that looks the same from both sides. By evening you have a window cloth, or a very good excuse.",
        story: "*Jogakbo* is Korean patchwork made from whatever was left over. Hold one to the light and it looks like stained glass. The secret is a flat-felled seam called **gekki**, and it takes one afternoon to learn.

## In the box

- Thirty scraps of ramie, dyed with persimmon, indigo and gardenia
- Two needles, silk thread, a bone folder
- A booklet with six layouts and one page that just says *unpick it, you have time*

## Who teaches

I learned from my aunt, who learned from hers. I have taught some four hundred people, of whom three bled, none seriously.

## The dyes

All colours come from plants and fade a little in the sun. They fade *together*, which is the point.

Your box is packed in another cloth, of course.",
        goal: 1_000_000,
        fate: Fate::Live { percent: 77, opened: 19, ends: Ends::Days(10) },
        gifts: &[
            gift("A scrap and a seam", "A tiny kit: two scraps, one needle, one lesson.", 9_000, 2),
            gift("The Sunday box", "Everything for one window cloth, 45 × 45 cm.", 42_000, 3),
            gift("The winter box", "Twice the scraps, and a video lesson each week for a month.", 85_000, 4).of(30),
        ],
    },
    Plot {
        key: "oneroll",
        category: Category::Photo,
        creator: "oneroll",
        title: "One Roll, One Street: thirty-six neighbours with one camera",
        summary: "A disposable idea with an old camera: everyone takes one picture and hands it to the next door.",
        story: "We gave a camera with a roll of film to the owner of a shoe repair shop. The rule: take **one picture**, then give it to a neighbour. It came back nine weeks later, smelling of garlic, with thirty-six pictures.

## What we saw

A wedding, a burst pipe, four cats, one ceiling, and a grandmother's portrait of the boy who always carries her shopping.

## What is next

Twelve streets in twelve towns. Each gets a camera, a box of biscuits and no instructions.

- An exhibition **on** each street, in the windows
- A book with all 432 pictures, in order, with the blurry ones

Nobody is paid with exposure. Everybody gets a print.",
        goal: 2_400_000,
        fate: Fate::Live { percent: 29, opened: 7, ends: Ends::Days(23) },
        gifts: &[
            gift("Six postcards", "One street, six moments.", 11_000, 3),
            gift("The book", "432 pictures, hardback.", 49_000, 9),
            gift("Nominate a street", "We bring the camera and the biscuits.", 200_000, 6).of(6).leaving(4),
        ],
    },
    Plot {
        key: "nightshift",
        category: Category::Journalism,
        creator: "nightdesk",
        title: "The Night Shift Papers: reporting from the hours nobody sees",
        summary: "Bakers, nurses, street sweepers, the person who resets the escalators. Twelve reports, written between midnight and six.",
        story: "A third of the city works while the rest sleeps. It appears in the news when something burns.

## Twelve nights

For each report one of us works a full shift, with permission, at ordinary wages, which we give away. Then we write it down before breakfast.

- The bread that is baked for a hospital
- A dispatcher who has talked eleven strangers through a birth
- The tunnel cleaners, and *what they find*

## How we work

1. People read what we write about them before you do
2. Numbers are sourced, and the sources are published
3. Mistakes are corrected at the top, in large type

## Funded, thank you

By a whisker, and partly by bakers. The first report comes out next month, at 3 a.m.",
        goal: 1_200_000,
        fate: Fate::Funded { percent: 104, opened: 32, ended: 6 },
        gifts: &[
            gift("Twelve letters", "Each report by mail, early in the morning.", 15_000, 2),
            gift("The printed papers", "A broadsheet with all twelve, and a crossword for 4 a.m.", 34_000, 9),
            gift("Coffee at four", "A conversation with the reporters, at an hour of their choosing.", 60_000, 4).of(15),
        ],
    },
    Plot {
        key: "catbed",
        category: Category::Pets,
        creator: "secondchoice",
        title: "A beautiful bed your cat will ignore",
        summary: "It comes in a box. The box is the product. The bed is included free of charge.",
        story: "We spent fourteen months designing the perfect cat bed. Felted wool, heated by nothing but good intentions, shaped after measurements of fifty sleeping cats.

All fifty slept in the parcel.

## So we designed the parcel

- Triple-wall cardboard, **the right crinkle**
- A flap on the left for looking out, a hole at the top for judging
- 38 × 30 × 24 cm: slightly too small, as requested
- Printed with plant ink, safe to chew, satisfying to shred

## And the bed

Still inside. Still beautiful. Dogs like it. One backer uses it as a hat.

## Research

> Subject 31 entered the box before it was fully unpacked and has not responded to enquiries since.

When a box is worn out, fold it flat and post it back: it becomes the next one.",
        goal: 500_000,
        fate: Fate::Live { percent: 188, opened: 12, ends: Ends::Days(17) },
        gifts: &[
            gift("A sheet of stickers", "“Do not bend. Cat.”", 5_000, 2),
            gift("The box (bed included)", "One box, one bed, one mystery.", 39_000, 3),
            gift("Three boxes, one bed", "For households that have learned.", 58_000, 3).of(50),
        ],
    },
    Plot {
        key: "repairbus",
        category: Category::Social,
        creator: "repairbus",
        title: "The Repair Bus: we drive to where things are broken",
        summary: "A retired school bus with six workbenches, a sewing machine and a kettle. Bring it broken, take it home.",
        story: "In the villages we visit, the nearest repair shop is fifty minutes away by a bus that comes twice a day. So fans, radios and walking frames go to landfill for want of a screw.

## What we do

Every Saturday the bus parks by a village hall. Volunteers repair what comes, **with the owner holding the torch**. Last year: 1,140 things, 87% successfully, one accordion *more or less*.

## What we need

- A new clutch. Ours is also waiting for a screw
- A solar panel, so that the soldering irons stay hot without the engine
- Fuel for forty Saturdays

## Who comes along

A watchmaker, two electricians, a tailor, a retired vet who is good with springs, and children who hold things and ask why.

Repairs stay free. They always will.",
        goal: 2_400_000,
        fate: Fate::Live { percent: 63, opened: 24, ends: Ends::Days(12) },
        gifts: &[
            gift("A screw", "A real one, mounted, with the story of what it held.", 8_000, 2),
            gift("The pocket repair book", "Forty repairs you can do with a kitchen knife and patience.", 22_000, 4),
            gift("One Saturday in your village", "We come to you. Tell us where.", 300_000, 6).of(6).leaving(3),
        ],
    },
    Plot {
        key: "barleytea",
        category: Category::Food,
        creator: "brewclub",
        title: "Barley tea, but with ambitions",
        summary: "Single-field barley, roasted three ways. We stopped: the field had other ambitions.",
        story: "*Boricha* is what Korean families keep in the fridge instead of water. We wanted to find out what happens if you take it as seriously as coffee.

## The plan was

- Barley from one field in Gochang
- Three roasts: pale, amber, midnight
- Brewing notes that mention *toast* in at least nine ways

## Why we stop

Heavy rain took most of the harvest. We could buy barley elsewhere, but the whole idea was this field. Nobody will be charged. The farmer sends greetings and is planting again.",
        goal: 800_000,
        fate: Fate::Canceled { percent: 54, opened: 31, stopped: 13 },
        gifts: &[
            gift("Three roasts", "100 g each.", 21_000, 4),
            gift("Three roasts and a kettle", "Enamel, two litres, whistles in tune.", 64_000, 4).of(30),
        ],
    },
    Plot {
        key: "bells",
        category: Category::Music,
        creator: "thirtynine",
        title: "Concerto for thirty-nine bicycle bells",
        summary: "Three movements, thirty-nine cyclists, one very long hill. The last movement is downhill.",
        story: "A bicycle bell can play exactly one note. With thirty-nine of them, you have three octaves and a traffic problem.

## The piece

1. **Allegro, flat**: along the river at dawn
2. **Adagio, uphill**: notated in breaths
3. **Presto, downhill**: aleatoric, with brakes

The score is drawn as a map. Each cyclist has one note and must be at the right lamp post at the right moment.

## The performance

Once, at sunrise, on the first Sunday of June, along eleven kilometres of the Han. Listeners choose a bridge.

## We have just begun

Nine bells are tuned. Thirty to go. They are tuned by filing, and you cannot un-file.",
        goal: 6_000_000,
        fate: Fate::Live { percent: 3, opened: 2, ends: Ends::Days(38) },
        gifts: &[
            gift("The recording", "From all seven bridges.", 12_000, 8),
            gift("A tuned bell", "With its note engraved. It fits any handlebar.", 39_000, 6),
            gift("Ride a note", "Join the thirty-nine. Two rehearsals, one sunrise.", 75_000, 8).of(20),
        ],
    },
    Plot {
        key: "umbrella",
        category: Category::Games,
        creator: "lanterntable",
        title: "Umbrella Etiquette: a party game about narrow pavements",
        summary: "Who lifts, who tilts, who gets wet? Eight players, one alley, no eye contact.",
        story: "## Notes to self

- Eight umbrellas, cloth or card? **Cloth.** Check the price
- The *tilt* rule is funny but takes three minutes to explain
- Playtest with people who do not like each other

When two umbrellas meet in a narrow alley, somebody must lift theirs. This is a game about that somebody.",
        goal: 900_000,
        fate: Fate::Draft,
        gifts: &[gift("Umbrella Etiquette", "The game, in a box shaped like a puddle.", 34_000, 8)],
    },
    Plot {
        key: "shortcuts",
        category: Category::Publishing,
        creator: "approximate",
        title: "The Complete Book of Shortcuts",
        summary: "Eight hundred ways through the city that save four minutes each. Under review for going through somebody's garden.",
        story: "We collected shortcuts for ten years: gaps in hedges, stairs behind laundries, the door of the post office that is open on both sides.

## What is in it

- 812 shortcuts on 64 maps
- Each with the minutes saved and *what you miss*
- A chapter of long ways round, which are better

## A note

Some owners of gardens have written to the platform. We are talking with every one of them, and nobody's hedge will be printed without leave.",
        goal: 1_000_000,
        fate: Fate::Suspended { percent: 46, opened: 30, stopped: 3 },
        gifts: &[
            gift("The book", "400 pages, a ribbon, a whistle.", 29_000, 5),
            gift("The pocket edition", "Only the shortcuts to bakeries.", 14_000, 5),
        ],
    },
    Plot {
        key: "hangulblocks",
        category: Category::Design,
        creator: "ondolworks",
        title: "Fridge Hangul: magnets that teach you to read in an evening",
        summary: "Twenty-four letters that snap into syllables. Leave your family messages they have to sound out.",
        story: "Hangul was designed so that *a wise person can learn it before the morning is over*. We timed it on a fridge: two hours and ten minutes, with a break for dumplings.

## How they work

Consonants and vowels have magnets in the sides and click together only where a syllable allows it. You cannot build a wrong syllable, only a silly one.

- 24 letters, 96 pieces
- Beech wood, four colours by mouth position
- A poster that fits behind the milk

## For classrooms

Teachers get a second set at cost. Write to us.",
        goal: 1_500_000,
        fate: Fate::InReview,
        gifts: &[
            gift("One set", "96 pieces, enough for quite long sentences.", 44_000, 6),
            gift("Two sets", "Enough for an argument.", 82_000, 6).of(60),
        ],
    },
];
