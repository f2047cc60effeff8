import { describe, expect, it } from "vitest";

import { leadOf, NOTHING } from "./wordpress.test-support.ts";

describe("labels in the visitor's language", () => {
  it.each<[string, string, Record<string, string>, string]>([
    ["German", "DE", { "Vor- und Nachname": "Jörg Weiß", "Telefonnummer*": "030 901820", "E-Mail-Adresse": "j@x.de", "Ihre Nachricht": "Hallo", PLZ: "10115" }, "+4930901820"],
    ["Spanish", "ES", { Nombre: "José Pérez", "Teléfono": "612 345 678", "Correo electrónico": "j@x.es", Mensaje: "Hola", Ciudad: "Madrid" }, "+34612345678"],
    ["French", "FR", { Nom: "Dupont", "Prénom": "Zoé", "Téléphone portable": "06 12 34 56 78", Courriel: "z@x.fr", "Votre message": "Bonjour", Ville: "Paris" }, "+33612345678"],
    ["Italian", "IT", { "Nome e cognome": "Anna Neri", Cellulare: "312 345 6789", Email: "a@x.it", Messaggio: "Ciao", "Città": "Roma" }, "+393123456789"],
    ["Portuguese", "BR", { "Nome completo": "Ana Sá", Celular: "11 96123-4567", "E-mail": "a@x.br", Mensagem: "Oi", Cidade: "São Paulo" }, "+5511961234567"],
    ["Dutch", "NL", { "Uw naam": "Jan Jansen", Telefoonnummer: "06 12345678", "E-mailadres": "j@x.nl", Bericht: "Hallo", Woonplaats: "Delft" }, "+31612345678"],
    ["Danish", "DK", { Navn: "Søren Øst", Telefon: "32 12 34 56", Mail: "s@x.dk", Besked: "Hej", By: "Aarhus" }, "+4532123456"],
    ["Polish", "PL", { "Imię i nazwisko": "Jan Żak", "Telefon komórkowy": "512 345 678", "E-mail": "j@x.pl", "Treść wiadomości": "Dzień dobry", Miasto: "Łódź" }, "+48512345678"],
    ["Māori", "NZ", { "Tō ingoa": "Hēmi Pere", "Nama waea": "021 123 4567", "Īmēra": "h@x.nz", "Kōrero": "Kia ora", "Tāone": "Ōtautahi" }, "+64211234567"],
    ["Greek", "GR", { "Ονοματεπώνυμο": "Μαρία Παππά", "Τηλέφωνο": "691 234 5678", Email: "m@x.gr", "Μήνυμα": "Γεια", "Πόλη": "Αθήνα" }, "+306912345678"],
    ["Ukrainian", "UA", { "Ім'я": "Оля", "Мобільний телефон": "050 123 4567", "Пошта": "o@x.ua", "Повідомлення": "Вітаю", "Місто": "Київ" }, "+380501234567"],
    ["Chinese", "CN", { "您的姓名": "王小明", "联系电话": "131 2345 6789", "邮箱": "w@x.cn", "您的留言": "你好", "城市": "上海" }, "+8613123456789"],
    ["Japanese", "JP", { "お名前": "山田太郎", "電話番号": "０９０－１２３４－５６７８", "メールアドレス": "y@x.jp", "お問い合わせ内容": "こんにちは", "住所": "東京" }, "+819012345678"],
    ["Arabic", "AE", { "الاسم": "ليلى", "رقم الهاتف": "050 123 4567", "البريد الإلكتروني": "l@x.ae", "رسالتك": "مرحبا", "المدينة": "دبي" }, "+971501234567"],
  ])("reads a form in %s", async (_language, country, body, phone) => {
    const lead = await leadOf(new URLSearchParams(body).toString(), { country });
    const values = Object.values(body);
    expect(lead).toMatchObject({ phone, place: values.at(-1) ?? "", message: values.at(-2) ?? "" });
    expect(lead.email).toBe(values.at(-3));
    expect(lead.name).not.toBeNull();
    expect(lead.fields).toEqual({});
  });

  it("puts the parts of a name in order", async () => {
    expect(await leadOf({ Nom: "Dupont", "Prénom": "Zoé" })).toMatchObject({ name: "Zoé Dupont" });
    expect(await leadOf({ Nombre: "José", Apellidos: "Pérez Gil" })).toMatchObject({ name: "José Pérez Gil" });
    expect(await leadOf({ name: "Jane Doe", first_name: "Jane", last_name: "Doe" })).toMatchObject({ name: "Jane Doe" });
  });

  it.each([
    ["What is your best phone number?", "phone", "021 123 4567"],
    ["Phone or WhatsApp (required)", "phone", "021 123 4567"],
    ["How can we help you today?", "message", "Hi there"],
    ["Which service are you interested in?", "service", "Wills"],
    ["Service address", "place", "1 High St"],
    ["Your suburb or town", "place", "Ponsonby"],
    ["Please enter your email", "email", "jane@x.nz"],
  ] as const)("understands %j as %s", async (label, part, value) => {
    expect((await leadOf({ [label]: value, x: "1" }))[part]).toBe(part === "phone" ? "+64211234567" : value);
  });

  it.each([
    ["Preferred contact method: phone or email?", "Phone"],
    ["I agree to the terms of service", "1"],
    ["I consent to being contacted by phone", "Yes"],
    ["Company name", "Acme Ltd"],
    ["How did you hear about us?", "Google search"],
    ["Best time to call", "Mornings"],
  ])("takes %j for no part of a contact", async (label, value) => {
    expect(await leadOf({ [label]: value })).toEqual({ ...NOTHING, fields: { [label]: value } });
  });
});
