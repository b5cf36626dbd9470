package adaxes

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/reply"
)

// directory finds the answers about objects by distinguished name, GUID or SID, in lower case.
type directory map[string]Members

// The codes of objects are those of the page "Directory object".
func newDirectory(accounts Accounts, domainSID string) directory {
	d := directory{}
	for _, account := range accounts {
		d.add(account.GUID, account.DN, account.SID, account.DisplayName, "user", 2)
	}
	d.add(random.GUID(), "CN=Conform Operators,CN=Users,"+domainDN, domainSID+"-1200", "Conform Operators", "group", 3)
	d.add(random.GUID(), "OU=Conform,"+domainDN, "", "Conform", "organizationalUnit", 0)
	return d
}

// add adds an object with the properties that the vendor's page "Get directory object" lists as the default set.
func (d directory) add(guid, dn, sid, displayName, objectType string, code int) {
	object := Members{
		reply.Of("guid", guid),
		reply.Of("dn", dn),
		reply.Of("displayName", displayName),
		reply.Of("objectType", objectType),
		reply.Of("objectTypeCode", code),
		reply.Of("domainName", domainDNS),
		reply.Of("directoryType", 1), // Active Directory
	}
	for _, name := range []string{guid, dn, sid} {
		d[strings.ToLower(name)] = object
	}
}

// find takes a GUID with or without braces, and a distinguished name with or without blanks after its commas.
func (d directory) find(name string) (Members, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if inner, found := strings.CutPrefix(name, "{"); found {
		name = strings.TrimSuffix(inner, "}")
	}
	object, found := d[strings.ReplaceAll(name, ", ", ",")]
	return object, found && name != ""
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
	object, found := c.server.directory.find(name)
	if !found {
		return nil, refuse(http.StatusNotFound, "There is no such directory object.")
	}
	return answered(http.StatusOK, slices.Clone(object)), nil
}

// search answers POST /api/directoryObjects/search: whatever is looked for, there is none.
func (c *Call) search() (*Answer, *Refusal) {
	if _, refusal := c.authorize(); refusal != nil {
		return nil, refusal
	}
	if _, refusal := c.object(); refusal != nil {
		return nil, refusal
	}
	return answered(http.StatusOK, Members{reply.Of("objects", []string{})}), nil
}
