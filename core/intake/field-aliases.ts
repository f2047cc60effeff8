/**
 * What form fields are called, by role. Names of inputs and labels of visitors' languages together, as plugins send either
 * (Elementor sends the label that the visitor saw). Written as `labelWords` leaves them: lower case, no diacritics on Latin,
 * words apart. Each list is one string, " | " between the aliases.
 *
 * Languages: English, Māori, German, Dutch, Danish, Norwegian, Swedish, Finnish, French, Spanish, Catalan, Portuguese, Italian,
 * Romanian, Polish, Czech, Slovak, Slovenian, Croatian/Serbian, Hungarian, Greek, Turkish, Russian, Ukrainian, Bulgarian,
 * Samoan, Tongan, Hindi, Arabic, Hebrew, Chinese, Japanese, Korean.
 *
 * `exact` aliases are the whole label; `within` ones may also stand inside a longer one ("Your best phone number?").
 * `other` are labels that contain words of another role and mean something else ("I consent to be called by phone"), so
 * they go before all others.
 */
export type FieldRole = "name" | "first_name" | "last_name" | "phone" | "email" | "message" | "service" | "place" | "other";

export const FIELD_ALIASES: Record<FieldRole, { exact: string; within: string }> = {
  name: {
    exact:
      "name | names | nome | nom | nombre | naam | namn | navn | nimi | ingoa | nume | imie | jmeno | meno | ime | nev | isim | ad | adi | ism | имя | имя и фамилия | фио | имe | име | iм'я | ім я | імя | ονομα | nomes | igoa | hingoa | नाम | الاسم | اسم | שם | 姓名 | 您的姓名 | 称呼 | 名字 | お名前 | 名前 | 氏名 | 이름 | 성함 | who are you | contact | contact person | ansprechpartner",
    within:
      "full name | fullname | your name | yourname | contact name | customer name | client name | lead name | display name | nom complet | votre nom | nom et prenom | nombre completo | nombre y apellido | nombre y apellidos | tu nombre | su nombre | nom i cognoms | nome completo | nome e cognome | il tuo nome | seu nome | vor und nachname | vollstandiger name | ihr name | dein name | volledige naam | uw naam | voor en achternaam | fullstandigt namn | ditt namn | for og etternavn | fulde navn | dit navn | koko nimi | to ingoa | ingoa katoa | imie i nazwisko | jmeno a prijmeni | meno a priezvisko | ime i prezime | ime in priimek | teljes nev | nume si prenume | ad soyad | adi soyadi | ονοματεπωνυμο | פרטי ושם משפחה | שם מלא | الاسم الكامل | पूरा नाम",
  },
  first_name: {
    exact: "first | vorname | prenom | imie pierwsze | fornavn | fornamn | voornaam | etunimi | nome proprio | given | keresztnev | prenume | 名 | اسم الأول",
    within: "first name | firstname | given name | forename | f name | fname | vorname | prenom | primer nombre | voornaam | fornavn | fornamn | etunimi | ingoa tuatahi | primeiro nome | krestni jmeno | שם פרטי | الاسم الأول",
  },
  last_name: {
    exact: "last | apellido | apellidos | cognome | cognom | sobrenome | apelido | nachname | familienname | achternaam | efternamn | etternavn | efternavn | sukunimi | nazwisko | prijmeni | priezvisko | prezime | priimek | vezeteknev | soyad | soyadi | фамилия | прізвище | фамилно име | επωνυμο | nom de famille | 姓 | שם משפחה | اسم العائلة",
    within: "last name | lastname | surname | family name | l name | lname | apellidos | nachname | achternaam | nom de famille | ingoa whanau",
  },
  phone: {
    exact: "number | numero | nummer | numer | номер | contact no | contact details | contact number | ph | tfno | gsm | natel | fono | cel | tel | handy | celular | portable | phone number | waea",
    within:
      "phone | phones | phone no | telephone | telephones | tel | tel no | telno | telnr | mobile | mob | mobileno | mobilenumber | cell | cellphone | cell phone | phonenumber | phoneno | contact number | contact no | contactnumber | call back number | callback number | best number | number to call | number to reach you | whatsapp | waea | waea pukoro | nama waea | telefon | telefonnummer | telefonnr | telefonnumer | handynummer | handy | mobil | mobilnummer | mobiltelefon | rufnummer | ruckrufnummer | festnetz | telefoon | telefoonnummer | mobiel | gsm nummer | mobielnummer | telefonnumret | tlf | mobilnr | puhelin | puhelinnumero | matkapuhelin | telephonenumber | numero de telephone | telephone portable | portable | telefono | numero de telefono | movil | telefono movil | celular | telefon mobil | mobil telefon | telefone | telemovel | numero de telefone | cellulare | recapito telefonico | recapito | telefon komorkowy | numer telefonu | komorka | mobilni telefon | broj telefona | mobitel | telefonska stevilka | telefonszam | mobilszam | telefonni cislo | cislo telefonu | telefonne cislo | nr telefon | numar de telefon | τηλεφωνο | κινητο | cep telefonu | telefon numarasi | cep | телефон | номер телефона | мобильный | моб | мобільний | телефонен номер | telefoni | numera telefoni | फोन | फ़ोन | मोबाइल | رقم الهاتف | الهاتف | هاتف | جوال | رقم الجوال | موبايل | טלפון | נייד | מספר טלפון | 电话 | 電話 | 手机 | 手機 | 电话号码 | 手机号码 | 联系电话 | 聯絡電話 | 您的电话 | 電話番号 | 携帯電話 | 携帯番号 | 携帯 | 연락처 | 전화 | 전화번호 | 휴대폰",
  },
  email: {
    exact: "mail | correo | posta | epost | imera",
    within:
      "email | e mail | emails | emailaddress | mail address | email address | mailadresse | e mail adresse | emailadresse | mailadres | emailadres | correo | correo electronico | courriel | adresse electronique | adresse mail | adreca electronica | correu | correu electronic | posta elettronica | endereco de email | e post | epost | epostadress | sahkoposti | sahkopostiosoite | imera | imeil | wahitau imera | poczta | adres email | eposta | e posta | drotposta | mejl | имейл | почта | эл почта | электронная почта | пошта | ηλεκτρονικο ταχυδρομειο | ईमेल | البريد الإلكتروني | البريد الالكتروني | بريد | אימייל | דואל | דוא ל | 邮箱 | 邮件 | 电子邮件 | 電子郵件 | メール | メールアドレス | 이메일",
  },
  message: {
    exact: "body | details | detail | info | additional | other | content | karero | textarea | requirements | request | anfrage | anliegen | zprava | description | issue | problem",
    within:
      "message | messages | msg | your message | yourmessage | comment | comments | enquiry | inquiry | enquiry details | question | questions | how can we help | how may we help | what can we help | tell us | describe | description | more details | further details | project details | job details | additional information | additional info | additional notes | notes | nachricht | ihre nachricht | mitteilung | bemerkung | bemerkungen | kommentar | anmerkung | bericht | boodschap | opmerking | opmerkingen | vraag | uw bericht | meddelande | melding | besked | beskjed | viesti | karere | to karere | patai | korero | message libre | votre message | commentaire | commentaires | demande | mensaje | tu mensaje | comentario | comentarios | consulta | missatge | comentari | mensagem | sua mensagem | messaggio | il tuo messaggio | commenti | richiesta | mesaj | wiadomosc | tresc wiadomosci | zprava | vase zprava | sprava | poruka | sporocilo | uzenet | mesajiniz | μηνυμα | сообщение | ваше сообщение | комментарий | вопрос | повідомлення | съобщение | feau | संदेश | رسالة | الرسالة | رسالتك | הודעה | 留言 | 您的留言 | 消息 | 信息 | 内容 | メッセージ | お問い合わせ内容 | 메시지 | 문의내용 | 문의 내용",
  },
  service: {
    exact: "category | offer | product | products | interest | topic | subject | type | betreff | asunto | objet | oggetto | assunto | onderwerp | amne | emne | aihe | kaupapa | temat | predmet | targy | konu | тема | θεμα | your subject | job | matter",
    within:
      "service | services | servicetype | service type | service needed | service required | type of service | services required | interested in | interest in | area of law | practice area | legal matter | type of job | job type | type of work | work type | type of enquiry | enquiry type | reason for contact | nature of enquiry | ratonga | dienst | dienstleistung | leistung | diensten | tjanst | tjeneste | ydelse | palvelu | prestation | type de service | servicio | servicios | tipo de servicio | servei | servico | servicos | servizio | servizi | serviciu | usluga | uslugi | sluzba | storitev | szolgaltatas | hizmet | услуга | услуги | послуга | υπηρεσια | सेवा | الخدمة | خدمة | שירות | 服务 | 服務 | サービス | 서비스",
  },
  place: {
    exact: "city | town | suburb | region | state | county | province | district | area | location | place | address | street | postcode | post code | zip | zip code | zipcode | postal code | postalcode | ort | stadt | plz | strasse | strase | wohnort | adresse | anschrift | postleitzahl | plaats | woonplaats | stad | adres | straat | ort und plz | by | poststed | postnummer | adress | osoite | kaupunki | paikkakunta | taone | wahi noho | wahitau | ville | code postal | commune | rue | ciudad | localidad | provincia | poblacion | direccion | codigo postal | calle | ciutat | adreca | cidade | bairro | morada | endereco | cep codigo | localidade | citta | comune | indirizzo | cap | via | oras | localitate | adresa | miasto | miejscowosc | kod pocztowy | ulica | mesto | obec | psc | grad | varos | telepules | cim | iranyitoszam | πολη | διευθυνση | sehir | ilce | город | адрес | місто | адреса | град | पता | शहर | المدينة | العنوان | עיר | כתובת | 城市 | 地址 | 住所 | 市区町村 | 지역 | 주소 | address line 1 | address line 2",
    within: "street address | your address | service address | property address | job address | site address | home address | your suburb | your city | your location | where are you | suburb or town | town or city | city town | postcode suburb",
  },
  other: {
    exact: "company | business | organisation | organization | firma | empresa | entreprise | societe | azienda | bedrijf | yritys | website | fax | budget | quantity | country | job title | user name | username | login",
    within:
      "company name | business name | organisation name | organization name | nom de l entreprise | nombre de la empresa | firmenname | bedrijfsnaam | user name | product name | street name | file name | pet name | fax number | order number | invoice number | reference number | account number | policy number | customer number | number of | vat number | tax number | house number | unit number | registration number | contact method | method of contact | contact preference | preferred contact | prefer to be contacted | contact you by | time to call | time to contact | call time | contact time | preferred time | preferred date | date of birth | birthday | hear about us | find us | terms | conditions | consent | privacy | datenschutz | einwilligung | privacidad | confidentialite | gdpr | rgpd | dsgvo | opt in | i agree | i accept | acceptance | accept | newsletter | subscribe | marketing | captcha | recaptcha | honeypot | leave this field",
  },
};
