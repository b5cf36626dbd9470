package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/reply"
)

// object is one entry of the directory, with the properties that the vendor's page "Get directory object" lists as the
// default set.
type object struct {
	guid, dn, sid, displayName, objectType string
	objectTypeCode                         int
}

// activeDirectory is the directoryType of every object, and the codes are those of the page "Directory object".
const (
	activeDirectory = 1
	codeOther       = 0
	codeUser        = 2
	codeGroup       = 3
)

// directory finds objects by distinguished name, GUID or SID, in lower case.
type directory map[string]object

func newDirectory(accounts Accounts) directory {
	d := directory{}
	for _, account := range accounts.All() {
		d.add(object{account.GUID, account.DN, account.SID, account.DisplayName, "user", codeUser})
	}
	domainSID := accounts.Ordinary.SID[:strings.LastIndex(accounts.Ordinary.SID, "-")]
	d.add(object{random.GUID(), "CN=Conform Operators,CN=Users," + domainDN, domainSID + "-1200", "Conform Operators", "group", codeGroup})
	d.add(object{random.GUID(), "OU=Conform," + domainDN, "", "Conform", "organizationalUnit", codeOther})
	return d
}

func (d directory) add(o object) {
	for _, name := range []string{o.guid, o.dn, o.sid} {
		if name != "" {
			d[strings.ToLower(name)] = o
		}
	}
}

// find takes a GUID with or without braces, and a distinguished name with or without blanks after its commas.
func (d directory) find(name string) (object, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if inner, found := strings.CutPrefix(name, "{"); found {
		name = strings.TrimSuffix(inner, "}")
	}
	o, found := d[strings.ReplaceAll(name, ", ", ",")]
	return o, found
}

// getDirectoryObject answers GET /api/directoryObjects.
func (c *Call) getDirectoryObject() (*Answer, *Refusal) {
	if _, refusal := c.authorize(); refusal != nil {
		return nil, refusal
	}
	name, given := c.server.rules.Requests.Query(c, "directoryObject")
	if !given || name == "" {
		return nil, badRequest("directoryObject", "The directoryObject parameter is required.")
	}
	o, found := c.server.directory.find(name)
	if !found {
		return nil, refuse(http.StatusNotFound, "There is no such directory object.")
	}
	return answered(http.StatusOK, Members{
		reply.Of("guid", o.guid),
		reply.Of("dn", o.dn),
		reply.Of("displayName", o.displayName),
		reply.Of("objectType", o.objectType),
		reply.Of("objectTypeCode", o.objectTypeCode),
		reply.Of("domainName", domainDNS),
		reply.Of("directoryType", activeDirectory),
	}), nil
}
