package simulator

import "strings"

// names are what people, rooms and subjects of a tenant are made of. A name
// whose spelling in an address differs is written "Björn|bjoern".
type names struct {
	first, last                 []name
	familyFirst                 bool
	cities, departments, titles []string
	shared, rooms, equipment    []name
	subjects                    []string
}

type name struct{ text, ascii string }

func nameList(list string) []name {
	var all []name
	for _, entry := range strings.Split(list, ",") {
		text, ascii, ok := strings.Cut(strings.TrimSpace(entry), "|")
		if !ok {
			ascii = strings.ReplaceAll(strings.ToLower(text), " ", "-")
		}
		all = append(all, name{text, ascii})
	}
	return all
}

func germanNames() *names {
	return &names{
		first:  nameList("Ada,Anna,Björn|bjoern,Chloë|chloe,Clara,Dmitri,Elif,Émile|emile,Fatima,Finn,Friederike,Gökçe|goekce,Greta,Günther|guenther,Hanna,Heinz,Ioana,Jakob,Jörg|joerg,Jürgen|juergen,Käthe|kaethe,Karl-Heinz,Lena,Lukas,Łukasz|lukasz,Maike,Marie-Luise,Matthias,Mia,Michał|michal,Nils,Øyvind|oyvind,Paul,Petra,Ruth,Sabine,Sören|soeren,Stefan,Svenja,Thomas,Tülay|tuelay,Ulrike,Ursula,Veronika,Wiebke,Wolfgang,Yusuf,Žofie|zofie"),
		last:   nameList("Ahrens,Bäcker|baecker,Becker,Böhm|boehm,Brandt,Christiansen,Clausen,Dierks,Ehlers,Feddersen,Fischer,Fuchs,Gärtner|gaertner,Groß|gross,Gül|guel,Hansen,Hoffmann,Iwersen,Jansen,Jäger|jaeger,Kaya,Keller,Köhler|koehler,Kowalski,Kröger|kroeger,Krüger|krueger,Lange,Lorenz,Meyer,Möller|moeller,Müller|mueller,Müller-Lüdenscheidt|mueller-luedenscheidt,Neumann,Nowak,Ohlsen,Öztürk|oeztuerk,Petersen,Pfeiffer,Quast,Richter,Schäfer|schaefer,Schmidt,Schröder|schroeder,Schulz,Şahin|sahin,Sönksen|soenksen,Strauß|strauss,Thomsen,Vogel,von der Heide|vonderheide,Wagner,Weiß|weiss,Wójcik|wojcik,Yıldız|yildiz,Zimmermann"),
		cities: []string{"Hamburg", "Bremerhaven", "Cuxhaven", "München", "Köln", "Düsseldorf", "Görlitz", "Rostock", "Lübeck", "Husum"}, departments: []string{"Einkauf", "Vertrieb", "Buchhaltung", "Geschäftsführung", "Lager & Versand", "Personal", "IT", "Qualität", "Recht", "Marketing"},
		titles: []string{"Sachbearbeiter/in", "Teamleitung", "Geschäftsführer", "Prokurist", "Auszubildende", "Systemadministrator", "Disponentin", "Werkstudent", "Assistenz der Geschäftsführung", "Leiter \"Neue Märkte\""},
		shared: nameList("Info,Bewerbung,Rechnung,Einkauf,Vertrieb,Hausmeister,Empfang,Datenschutz,Kundendienst,Bestellungen,Störungen|stoerungen,Presse"),
		rooms:  nameList("Elbe,Alster,Weser,Nordlicht,Leuchtturm,Möwe|moewe,Koje 7|koje7,Brücke|bruecke,Watt,Großer Saal|grosser-saal"), equipment: nameList("Beamer,Dienstwagen HH-PR 112|dienstwagen112,Gabelstapler,Videowagen,Poolfahrrad"),
		subjects: []string{"Rechnung %d", "AW: Angebot Nr. %d – Rückfrage", "WG: Lieferung verspätet (Auftrag %d)", "Terminabstimmung KW %d", "Krankmeldung", "Ihre Bestellung #%d wurde versandt", "Protokoll \"Jour fixe\" vom %d.", "Müssen wir den Preis <%d EUR> halten?", "Einladung: Sommerfest 🎉", "Passwort läuft in %d Tagen ab"},
	}
}

func frenchNames() *names {
	return &names{
		first:  nameList("Amélie|amelie,André|andre,Anaïs|anais,Aurélien|aurelien,Béatrice|beatrice,Benoît|benoit,Camille,Céline|celine,Chloé|chloe,Cyril,Élodie|elodie,Émile|emile,Étienne|etienne,Fabrice,François|francois,Gaël|gael,Geneviève|genevieve,Hélène|helene,Inès|ines,Jean-Baptiste,Jérôme|jerome,Joël|joel,Léa|lea,Loïc|loic,Maëlle|maelle,Mathieu,Noël|noel,Océane|oceane,Raphaël|raphael,Rémi|remi,Sébastien|sebastien,Thérèse|therese,Théo|theo,Valérie|valerie,Yaël|yael,Zoé|zoe"),
		last:   nameList("Aubert,Béranger|beranger,Bouchard,Chevalier,D'Amboise|damboise,de La Tour|delatour,Delacroix,Desrosiers,Dubois,Dupré|dupre,Fournier,Garçon|garcon,Gérard|gerard,Girard,Hébert|hebert,L'Hôpital|lhopital,Lefèvre|lefevre,Legrand,Lemaître|lemaitre,Marchand,Martin,Mercier,Noël|noel,Œuvrard|oeuvrard,Pélissier|pelissier,Perrin,Poirier,Prévost|prevost,Rousseau,Saint-Étienne|saint-etienne,Thibault,Vasseur,Vidal"),
		cities: []string{"Paris", "Lyon", "Saint-Étienne", "Besançon", "Orléans", "Nîmes"}, departments: []string{"Salle", "Cuisine", "Comptabilité", "Direction", "Réservations", "Achats"},
		titles: []string{"Chef de rang", "Sommelière", "Maître d'hôtel", "Apprenti", "Comptable", "Gérant"},
		shared: nameList("Réservations|reservations,Contact,Comptabilité|comptabilite,Commandes,Fournisseurs,Événements|evenements"),
		rooms:  nameList("Salon Bleu|salon-bleu,Terrasse,Cave,Salle à manger|salle-a-manger"), equipment: nameList("Camionnette,Sono,Vidéoprojecteur|videoprojecteur"),
		subjects: []string{"Réservation n° %d", "RE: Devis %d – précisions", "Facture %d", "TR: Livraison retardée", "Planning semaine %d", "Votre commande nº %d est prête", "Compte rendu « réunion » du %d", "C'est noté, merci !", "Menu d'été 🍷"},
	}
}

func japaneseNames() *names {
	return &names{
		familyFirst: true,
		first:       nameList("愛|ai,明|akira,葵|aoi,彩|aya,大輔|daisuke,恵美|emi,浩|hiroshi,一郎|ichiro,健二|kenji,健太郎|kentaro,舞|mai,誠|makoto,真由美|mayumi,美咲|misaki,直樹|naoki,涼|ryo,さくら|sakura,翔太|shota,太郎|taro,友美|tomomi,裕子|yuko,優斗|yuto"),
		last:        nameList("阿部|abe,遠藤|endo,藤田|fujita,福田|fukuda,後藤|goto,長谷川|hasegawa,橋本|hashimoto,林|hayashi,池田|ikeda,石川|ishikawa,伊藤|ito,加藤|kato,木村|kimura,小林|kobayashi,前田|maeda,松本|matsumoto,森|mori,中村|nakamura,小川|ogawa,斎藤|saito,坂本|sakamoto,佐々木|sasaki,佐藤|sato,清水|shimizu,鈴木|suzuki,高橋|takahashi,田中|tanaka,渡辺|watanabe,山田|yamada,山口|yamaguchi,吉田|yoshida"),
		cities:      []string{"東京", "横浜", "大阪", "名古屋", "静岡"}, departments: []string{"営業部", "製造部", "品質保証部", "総務部", "経理部", "情報システム部"},
		titles: []string{"部長", "課長", "主任", "係長", "担当"},
		shared: nameList("お問い合わせ|info,採用|saiyo,経理|keiri,発注|hacchu,サポート|support"),
		rooms:  nameList("会議室 桜|kaigi-sakura,会議室 富士|kaigi-fuji,大会議室|daikaigi,応接室|osetsu"), equipment: nameList("プロジェクター|projector,社用車|shayosha,3Dプリンター|printer3d"),
		subjects: []string{"見積書 No.%d", "Re: 納期のご確認 (%d)", "【重要】パスワード有効期限のお知らせ", "議事録 第%d回", "注文番号 %d を発送しました", "ご請求書 %d", "会議のご案内 🗻", "Fwd: \"Quality report\" %d"},
	}
}

func europeanNames() *names {
	return &names{
		first:  nameList("Aino,Ana,Aoife,Ásta|asta,Ben,Carlos,Daniela,Dzmitry,Edward,Eva,Fiona,Gábor|gabor,Giulia,Grace,Héctor|hector,Ingrid,Ivan,Jack,João|joao,Katarzyna,Kjell,Lars,Luca,Magnus,Maria,Niamh,Ólafur|olafur,Oliver,Paweł|pawel,Priya,Rui,Samuel,Sinéad|sinead,Tomáš|tomas,Vytautas,William,Zoë|zoe,Аня|anya,Дмитрий|dmitry,Ελένη|eleni"),
		last:   nameList("Åkesson|akesson,Andersson,Brown,Čapek|capek,Costa,Dvořák|dvorak,Evans,Fernández|fernandez,García|garcia,Ilves,Jansson,Jones,Kowalczyk,Lindström|lindstrom,Martínez|martinez,McDonald,Nagy,Novák|novak,Núñez|nunez,O'Brien|obrien,Óskarsdóttir|oskarsdottir,Papadopoulos,Patel,Pereira,Rossi,Santos,Smith,Szabó|szabo,Taylor,Van den Berg|vandenberg,Wilson,Zieliński|zielinski,Žukauskas|zukauskas,Иванова|ivanova,王伟|wangwei"),
		cities: []string{"Zürich", "Genève", "London", "Kraków", "Malmö", "Αθήνα", "Reykjavík", "Dublin"}, departments: []string{"Sales", "Support", "Finance", "Operations", "R&D", "People & Culture", "Legal"},
		titles: []string{"Engineer", "Consultant", "Team lead", "Director, EMEA", "Account manager", "Analyst \"L2\"", "Intern"},
		shared: nameList("Info,Support,Billing,Jobs,Press,Abuse,Postmaster,Sales,Legal"),
		rooms:  nameList("Matterhorn,Eiger,Mönch|moench,Jungfrau,Säntis|saentis,Board Room|boardroom"), equipment: nameList("Projector,Pool car ZH 77 123|poolcar,Camera"),
		subjects: []string{"Invoice %d", "RE: Quote %d - questions", "FW: Delivery delayed (order %d)", "Your order #%d has shipped", "Minutes of meeting, \"week %d\"", "Password expires in %d days", "Lunch?", "Re: Re: Re: <urgent> server %d & backup", "Happy birthday! 🎂", "Q3 numbers, 2nd try"},
	}
}
