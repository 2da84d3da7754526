package reference

import (
	"slices"
	"strings"

	"postroom/session/cmdlet"
)

// Finder is a way to find on the server the objects that an identity may name.
type Finder struct {
	// Cmdlet lists them.
	Cmdlet string
	// Named says that the server looks for what is typed (ambiguous name resolution);
	// else it lists all, and the text is looked for in what came.
	Named bool

	bounded bool // it takes -ResultSize
}

// The most objects that a Finder lists: by a name a person can look through so many, and
// all that are not looked for by name are configuration, of which there are hundreds.
const (
	mostNamed  = 200
	mostListed = 2000
)

// Call asks for the objects with a text in their names.
func (f Finder) Call(text string) cmdlet.Invocation {
	call := cmdlet.Invocation{Cmdlet: f.Cmdlet}
	most := int64(mostListed)
	if f.Named {
		most = mostNamed
		call.Args = append(call.Args, cmdlet.Arg{Name: "Anr", Value: text})
	}
	if f.bounded {
		call.Args = append(call.Args, cmdlet.Arg{Name: "ResultSize", Value: most})
	}
	return call
}

// Finder tells how the objects for a parameter are found with what the account may run.
// There is none where nothing that is known lists them.
func (r *Reference) Finder(cmdletName string, p Parameter, may func(cmdletName string) (cmdlet.Cmdlet, bool)) (Finder, bool) {
	for _, noun := range r.nouns(cmdletName, p) {
		server, may := may("Get-" + noun)
		if !may {
			continue
		}
		laid := r.Lay(server)
		_, named := server.Parameter("Anr")
		_, bounded := server.Parameter("ResultSize")
		if named || lists(laid) {
			return Finder{Cmdlet: server.Name, Named: named, bounded: bounded}, true
		}
	}
	return Finder{}, false
}

// lists tells whether a call without arguments is one that the cmdlet takes.
func lists(c Cmdlet) bool {
	sets := c.Sets
	if len(sets) == 0 {
		sets = []string{""}
	}
	return slices.ContainsFunc(sets, func(set string) bool {
		return !slices.ContainsFunc(c.Parameters, func(p Parameter) bool { return p.Sets.Has(set) && p.Sets.Needed(set) })
	})
}

// nouns are the kinds of objects that the parameter may name, the likeliest first: by its
// type, by the cmdlet's own noun, and recipients for all that an address names.
func (r *Reference) nouns(cmdletName string, p Parameter) []string {
	var nouns []string
	known, _ := r.Cmdlet(cmdletName)
	fact, _ := known.Parameter(p.Name)
	for _, typeName := range []string{p.Type, fact.Type} {
		base := typeName[strings.LastIndexByte(typeName, '.')+1:]
		base, is := strings.CutSuffix(strings.TrimSuffix(base, "[]"), "IdParameter")
		if !is {
			continue
		}
		base, _ = strings.CutPrefix(base, "General")
		if other := objects[base]; other != "" {
			nouns = append(nouns, strings.Fields(other)...)
		} else {
			nouns = append(nouns, base)
		}
	}
	if strings.EqualFold(p.Name, "Identity") {
		if _, noun, found := strings.Cut(bare(cmdletName), "-"); found {
			nouns = append(nouns, noun)
		}
	}
	if strings.ContainsAny(string(p.Identity), "ea") {
		nouns = append(nouns, "Recipient")
	}
	return nouns
}

// objects are the nouns for types of identities that are called otherwise.
var objects = map[string]string{
	"AdSite": "ADSite", "AddressBookBase": "AddressList", "AddressBookMailboxPolicy": "AddressBookPolicy",
	"AuthPolicy": "AuthenticationPolicy", "Database": "MailboxDatabase", "DeliveryRecipient": "Recipient",
	"DynamicGroup": "DynamicDistributionGroup", "ExtendedOrganizationalUnit": "OrganizationalUnit",
	"MailboxFolder": "Mailbox", "MailboxFolderUser": "Recipient", "MailboxOrMailUser": "Recipient",
	"MailboxUserContact": "Recipient", "QuarantineTag": "QuarantinePolicy", "RecipientWithAdUserGroup": "Recipient",
	"SecurityPrincipal": "Recipient User SecurityPrincipal", "Server": "ExchangeServer",
}
