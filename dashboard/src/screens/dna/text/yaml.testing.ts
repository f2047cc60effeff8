

export const OWNERS = `# Ours. Ask Dana before you change the phones!
zebra: kept
identity:
    niche: plumber   # since 1987
    business_name: 'Dana''s'
services:
- {name: Drains, price_from: 180} # by the hour
# the old ones
- name: Taps
modules:
  lead_gen:
    sales_bridge:
      # nights too
      destination_phone: "+64211234567"
      whisper_text: >-
        New lead for {business}.
        {name}
`;
export const phone = ["modules", "lead_gen", "sales_bridge", "destination_phone"];
