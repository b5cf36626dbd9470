package bluecat

import (
	"fmt"
	"net/http"
	"strconv"

	"example.org/conform/harness/reference/reply"
)

// authenticatorID is the id of the only authenticator: the server's own list of passwords.
const authenticatorID = 2

// configuration is one configuration of the server's data, which is what a token is good for.
type configuration struct {
	id   int64
	name string
}

func configurations() []configuration {
	return []configuration{{100880, "main"}, {100881, "laboratory"}}
}

// collection is where a collection is found, and address where one of its resources is.
func (c *Call) collection(name string) string {
	return c.server.rules.Answers.Base + basePath + "/" + name
}

func (c *Call) address(collection string, id int64) string {
	return fmt.Sprintf("%s/%d", c.collection(collection), id)
}

// links are those of a resource of a collection.
func (c *Call) links(collection string, id int64) Members {
	return append(c.own(collection, id), reply.Of("collection", link(c.collection(collection))))
}

// own are the links of a resource within another.
func (c *Call) own(collection string, id int64) Members {
	return Members{reply.Of("self", link(c.address(collection, id)))}
}

func link(address string) Members { return Members{reply.Of("href", address)} }

func (c *Call) describeUser(user User) Members {
	return Members{reply.Of("id", user.ID), reply.Of("type", "User"), reply.Of("name", user.Name), reply.Of("_links", c.own("users", user.ID))}
}

func (c *Call) describeAuthenticator() Members {
	return Members{
		reply.Of("id", authenticatorID), reply.Of("type", "AddressManagerAuthenticator"), reply.Of("name", "proteusAuthenticator"),
		reply.Of("_links", c.own("authenticators", authenticatorID)),
	}
}

// listConfigurations answers GET /api/v2/configurations.
func (c *Call) listConfigurations() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	data := []Members{}
	for _, one := range configurations() {
		data = append(data, c.describeConfiguration(one))
	}
	return answered(http.StatusOK, Members{
		reply.Of("count", len(data)), reply.Of("data", data),
		reply.Of("_links", Members{reply.Of("self", link(c.collection("configurations")))}),
	}), nil
}

func (c *Call) describeConfiguration(one configuration) Members {
	return Members{
		reply.Of("id", one.id), reply.Of("type", "Configuration"), reply.Of("name", one.name),
		reply.Of("_links", c.links("configurations", one.id)),
	}
}

// readResource answers GET for what the links of other answers lead to.
func (c *Call) readResource() (*Answer, *Refusal) {
	if _, refusal := c.server.rules.Access.Authorize(c); refusal != nil {
		return nil, refusal
	}
	id, err := strconv.ParseInt(c.id(), 10, 64)
	if err != nil {
		return nil, notFound()
	}
	switch c.Operation {
	case ReadUser:
		if user, found := c.user(func(user User) bool { return user.ID == id }); found {
			return answered(http.StatusOK, c.describeUser(user)), nil
		}
	case ReadAuthenticator:
		if id == authenticatorID {
			return answered(http.StatusOK, c.describeAuthenticator()), nil
		}
	case ReadConfiguration:
		for _, one := range configurations() {
			if one.id == id {
				return answered(http.StatusOK, c.describeConfiguration(one)), nil
			}
		}
	}
	return nil, notFound()
}
