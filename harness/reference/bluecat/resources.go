package bluecat

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"example.org/conform/harness/reference/reply"
)

// resource is an entry of a collection, as other answers name it and lead to it.
type resource struct {
	id                     int64
	collection, kind, name string
}

// authenticator is the only one: the server's own list of passwords.
var authenticator = resource{2, "authenticators", "AddressManagerAuthenticator", "proteusAuthenticator"}

// configurations are the server's data, which is what a token is good for.
var configurations = []resource{
	{100880, "configurations", "Configuration", "main"}, {100881, "configurations", "Configuration", "laboratory"},
}

func (u User) resource() resource { return resource{u.ID, "users", "User", u.Name} }

// collection is where a collection is found, and address where one of its resources is.
func (c *Call) collection(name string) string {
	return c.server.rules.Answers.Base + basePath + "/" + name
}

func (c *Call) address(collection string, id int64) string {
	return fmt.Sprintf("%s/%d", c.collection(collection), id)
}

// links end the members of a resource of a collection, where the answer shows any: one to itself and, where it does not
// stand within another, one to its collection.
func (c *Call) links(collection string, id int64, within bool) Members {
	links := Members{link("self", c.address(collection, id))}
	if !within {
		links = append(links, link("collection", c.collection(collection)))
	}
	return c.linked(links)
}

func (c *Call) linked(links Members) Members {
	if !c.server.rules.Answers.Links(c.mediaType) {
		return nil
	}
	return Members{reply.Of("_links", links)}
}

func link(name, address string) Member { return reply.Of(name, Members{reply.Of("href", address)}) }

func (c *Call) describeResource(r resource) Members {
	members := Members{reply.Of("id", r.id), reply.Of("type", r.kind), reply.Of("name", r.name)}
	return append(members, c.links(r.collection, r.id, r.collection != "configurations")...)
}

// listConfigurations answers GET /api/v2/configurations.
func (c *Call) listConfigurations() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	data := []Members{}
	for _, one := range configurations {
		data = append(data, c.describeResource(one))
	}
	members := Members{reply.Of("count", len(data)), reply.Of("data", data)}
	return answered(http.StatusOK, append(members, c.linked(Members{link("self", c.collection("configurations"))})...)), nil
}

// listNothing answers GET for a collection of the API that this server has nothing in.
func (c *Call) listNothing() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	members := Members{reply.Of("count", 0), reply.Of("data", []Members{})}
	return answered(http.StatusOK, append(members, c.linked(Members{link("self", c.collection(path.Base(c.Request.URL.Path)))})...)), nil
}

// readRoot answers GET /api/v2 with links to the collections.
func (c *Call) readRoot() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	links := Members{link("self", c.server.rules.Answers.Base+basePath)}
	for _, name := range []string{"configurations", "networks", "sessions", "settings", "zones"} {
		links = append(links, link(name, c.collection(name)))
	}
	return answered(http.StatusOK, append(Members{reply.Of("type", "Api")}, c.linked(links)...)), nil
}

// readResource answers GET for what the links of other answers lead to.
func (c *Call) readResource() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	all := append([]resource{authenticator}, configurations...)
	for _, user := range c.server.users {
		all = append(all, user.resource())
	}
	id, err := strconv.ParseInt(c.id(), 10, 64)
	i := slices.IndexFunc(all, func(r resource) bool {
		return r.id == id && strings.HasPrefix(c.Request.URL.Path, basePath+"/"+r.collection+"/")
	})
	if err != nil || i < 0 {
		return nil, notFound()
	}
	return answered(http.StatusOK, c.describeResource(all[i])), nil
}
