/*
 * The words by which people say stop, start and help; as `plain` (opt-out-words.ts) leaves them: lower case, no accents, no
 * punctuation but the apostrophe. Keywords: Twilio's defaults, 47 CFR 64.1200(a)(10), and the commonest of other languages.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s*,\s*/));

export const STOP_WORDS = words(`
  stop, stopp, stopall, stop all, unsubscribe, unsub, quit, end, cancel, revoke, optout, opt out, remove, remove me, no more,
  unsubscribe me, opt me out, take me off, stop it, stop this, do not contact, do not call, do not text, stop messages, stop texts, stop calls,
  parar, pare, parada, basta, alto, baja, cancelar, arret, arreter, arretez, desabonner, desinscrire, desinscription,
  abmelden, abbestellen, aufhoren, keine sms, kati, kati atu, whakamutu, whakamutua, mutu, me mutu, sair, remover, descadastrar,
  td, 退订, 退訂, 停止, 取消订阅, 拒收, 拒收请回复`);

export const START_WORDS = words(`
  start, unstop, optin, opt in, resubscribe, subscribe, resume, iniciar, alta, demarrer, reprendre, starten, anmelden, timata, recomecar,
  开始, 開始, 恢复, 订阅`);

/** A start only from somebody who is opted out: from anybody else a yes is an answer to something else. */
export const YES_WORDS = words("yes, yes please, y, si, oui, ja, ae, sim, 是, 好");

export const HELP_WORDS = words("help, info, ayuda, aide, hilfe, awhina, ajuda, 帮助, 幫助");

/** Strong enough to count as a sentence of their own: "Please stop. I have found somebody." */
export const STOP_SENTENCES = words("stop, stopall, unsubscribe, optout, opt out, stop it, stop this");

/** Said around a keyword without changing it. */
export const POLITE = words(`
  please, pls, plz, yeah, nah, just, thanks, thank you, thank, thx, ty, ta, cheers, ok, okay, hi, hello, hey, now, sorry, kindly, immediately, already, asap,
  por favor, gracias, merci, svp, s'il vous plait, bitte, danke, koa, tena koa, obrigado, obrigada, 请, 谢谢`);

const VERB = "(?:text|txt|message|msg|sms|call|ring|phone|contact|email|write to|spam|harass|hassle|pester|disturb|solicit|bother (?:me|us)|bug (?:me|us))";
const VERB_ING = "(?:texting|txting|txtng|messaging|messagin|msging|calling|ringing|phoning|contacting|emailing|writing to|spamming|harassing|hassling|pestering|disturbing|soliciting|bothering (?:me|us)|bugging (?:me|us))";
const THINGS = "(?:texts?|txts?|messages?|msgs?|sms|calls?|spam|emails?|communications?|contact|correspondence|offers|ads)";
const SEND = "send(?: me| us)?(?: \\w+){0,2} (?:texts?|txts?|messages?|msgs?|sms|spam|offers|emails?|ads|anything)";
const SENDING = SEND.replace("send", "sending");
/** Who or what the verb is about, if not the writer: "don't call it that", "don't text her". */
const ANOTHER = "(?! (?:it|them|him|her|the|your|my)\\b)";

/** A plain wish not to be contacted. */
export const STOP_PATTERNS: readonly RegExp[] = [
  // en: "please don't you ever text me again", "stop calling", "quit sending me these messages", "stop all messages"
  new RegExp(`\\b(?:do not|don't|dont|dnt|never|not to|rather (?:you|u) (?:didn't|don't|not)|no longer)(?: (?:you|u|ever|please|even|try to|attempt to))* (?:${VERB}\\b${ANOTHER}|${SEND}\\b|keep (?:${VERB_ING}|${SENDING})\\b)`),
  new RegExp(`\\b(?:stop|quit|cease|discontinue|refrain from)(?: (?:all|with|the|your|ur|these|those|this|any|further|constantly|bloody|damn|fucking))* (?:${VERB_ING}\\b${ANOTHER}|${SENDING}\\b|${THINGS}\\b)`),
  new RegExp(`\\b(?:no|end|cancel)(?: (?:more|further|all|any|of|these|your|the))+ ${THINGS}\\b|\\bcancel ${THINGS}\\b`),
  new RegExp(`\\bno need to ${VERB}(?: me| us)? (?:any ?more|again|further)\\b`),
  /\bun ?su[bscri]{3,8}e\b/,
  /\bopt(?:ing|ed)?(?: me| us)? out\b/,
  /\b(?:take|remove|get|drop|delete|leave) (?:me|us|my (?:number|phone|name|details|info|contact)|this number|our number)(?: (?:please|right))? (?:off|from|out)(?: of)?(?: (?:your|ur|the|this|that|all|any|every)\b|$)/,
  /\b(?:remove|delete|erase|lose|forget|scrub|wipe) (?:my|this|our) (?:number|phone number|phone|contact|contacts|mobile|cell|data)\b/,
  /\b(?:revoke|withdraw|withdrawing|revoking)(?: \w+){0,2} consent\b/,
  /\bdo(?:n't| not|nt)? (?:not )?(?:want|wish|consent)\b(?: \w+){0,3} (?:to (?:be contacted|receive|get|hear from)|(?:your|any more|more|these|any) (?:texts?|messages?|calls?|sms))\b/,
  // es
  /\bno (?:(?:me|nos) (?:escrib|mand|envi|llam|contact|molest)\w*|(?:escriban?|manden?|envien?|llamen?|contacten|molesten) mas)\b|\bno quiero mas (?:mensajes|llamadas|sms|textos)\b/,
  /\b(?:deja|deje|dejen|dejad|dejar|pare|paren) de (?:escribir|llamar|mandar|enviar|molestar|contactar)\w*/,
  /\b(?:dar(?:me|nos)? de baja|de[mn]me de baja|no mas mensajes|no mas llamadas|borr(?:a|e|en|ar) mi (?:numero|telefono)|quit(?:a|e|en)me de)\b/,
  // fr
  /\bne (?:m'|me |nous )(?:envoy|ecri|appel|contact|derang|telephon|texte|rappel)\w* (?:plus|pas)\b/,
  /\b(?:arretez|arrete|cessez|cesse) de (?:m'|me |nous )\w+/,
  /\bne veux plus (?:recevoir|etre contact|de messages|d'appels|vos)\w*/,
  /\b(?:plus de (?:messages|sms|appels|textos)|desinscrivez(?: |-)moi|desabonnez(?: |-)moi|retirez(?: |-)moi|supprimez mon (?:numero|contact))\b/,
  // de
  /\b(?:nicht mehr|nie wieder|nicht wieder) (?:\w+ )?(?:schreib|anruf|kontaktier|belastig|an\b|schick|send)\w*/,
  /\b(?:schreib|ruf|kontaktier|schick|send|belastig)\w*(?: sie)? (?:mich|mir|uns) (?:bitte )?(?:keine|nicht mehr|nie wieder|nie mehr|nicht wieder)\b/,
  /\b(?:keine (?:weiteren )?(?:nachrichten|sms|anrufe|werbung)(?: mehr)?|horen sie (?:bitte )?auf|hor auf (?:mir|mich)|losch\w* (?:sie )?(?:bitte )?meine (?:nummer|daten))\b/,
  // mi
  /\bkaua (?:koe |koutou )?e (?:waea|karere|patuhi|kuputuhi|whakapa|tuku|tuhi)\w*/,
  /\b(?:kati|whakamutua?) te (?:waea|karere|patuhi|kuputuhi|tuku|whakapa)\w*/,
  // pt
  /\bnao (?:me|nos) (?:mand|envi|lig|contat|contact|cham|escrev|perturb|incomod)\w*/,
  /\b(?:para|pare|parem|parar) de (?:me |nos )?(?:ligar|mandar|enviar|escrever|incomodar|contatar|contactar|chamar)\w*/,
  /\b(?:nao quero (?:mais )?(?:receber )?(?:mais )?(?:mensagens|sms|ligacoes|chamadas)|(?:tire|tira|remova|apague|retire) (?:o )?meu (?:numero|contato|contacto|telefone))\b/,
  // zh
  /(?:不要|别|別|勿|請勿|请勿)(?:再|总|老是)?(?:给我|給我|跟我|向我)?(?:发|發|传|傳|打|联系|聯繫|聯絡|骚扰|騷擾|打扰|打擾)/,
  /(?:停止|不想再?)(?:给我|給我)?(?:发|發|收到|接收|联系|聯繫|短信|簡訊|推送)/,
  /退订|退訂|取消订阅|取消訂閱/,
];

/** Looks like a wish not to be contacted, but has an "unless": when, or another way. Not for a rule to decide. */
export const LIMITED: readonly RegExp[] = [
  /\b(?:until|till|til|before|after|between|unless|while|during|today|tonight|tomorrow|this (?:week|morning|arvo|afternoon|evening)|at work|right now|just yet|yet|so (?:early|late)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|weekends?)\b/,
  /\b(?:instead|rather|prefer|text (?:me )?only|only text|just text|email me|call me|text me|ring me)\b/,
  /\b(?:antes|despues|hasta|avant|apres|bis|vor|nach|ate|depois)\b/,
  /之前|以后|之后|明天/,
];

/** The verb belongs to something else: "don't stop", "can you stop by", "stop the leak", "the stop valve". */
export const HARMLESS_STOP = new RegExp(
  [
    String.raw`\b(?:do not|don't|dont|never|won't|wont|will not|can't|cant|cannot|doesn't|doesnt|does not|didn't|didnt|not|couldn't|non) stop\b`,
    String.raw`\bstop (?:by|in|over|off|round|past|at|for|on|up|leak\w*|drip\w*|work\w*|flow\w*|gas|it (?:from|leak\w*|drip\w*))\b`,
    String.raw`\bstop (?:cock|valve|tap|press|sign|watch|light|end|bar|button)s?\b`,
    String.raw`\bstop (?:the|a|an|my|our|this|that) (?!${THINGS})\w+`,
    String.raw`\b(?:bus|tram|full|pit|short|truck) stop\b`,
    String.raw`\bwhy (?:don't|dont|do not|didn't) (?:you|u) \w+`,
  ].join("|"),
  "g",
);

/** What is worth asking a model: angry, puzzled or unwilling words that may mean stop. */
export const MAYBE_PATTERNS: readonly RegExp[] = [
  /\bstop\w{0,3}\b/,
  /\b(?:leave (?:me|us) (?:alone|be)|wrong (?:number|person)|go away|get lost|bugger off|piss off|fuck off|f off|screw you|shut up|lose it)\b/,
  /\b(?:not interested|no longer interested|no interest|never (?:signed|asked|contacted|consented|agreed)|didn't (?:sign|ask|consent)|did not (?:sign|ask|consent)|don't (?:want|need) (?:this|any|it|your|anything))\b/,
  /\b(?:spam\w*|scam\w*|harass\w*|report (?:you|this)|who (?:is|are|the \w+ is) (?:this|you)|(?:how|where) did you get my|who gave you|privacy|do not call (?:list|registry)|dnc|solicit\w*|lawyer|illegal|consent)\b/,
  /\b(?:cancel|end|revoke|remove|quit) (?:this|it|that|all|everything|my subscription|subscription|the subscription|messages?|texts?)\b/,
  /\b(?:enough|had it with|fed up|sick of|tired of|annoying|bothering|pestering|too many (?:texts?|calls?|messages?))\b/,
  /\b(?:dejame|dejenme en paz|no me interesa|numero equivocado|laissez(?: |-)moi|pas interesse|mauvais numero|kein interesse|falsche nummer|lass(?:en sie)? mich|nao tenho interesse|numero errado|me deixe em paz|waiho (?:ahau|au))\b/,
  /打错|不感兴趣|不需要|骚扰|滚|烦/,
];
