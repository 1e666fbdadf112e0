// Package gate stands before every HTTP route, of both listeners: what one
// person and one address may ask, how slowly a request may come and an answer be
// taken, which pages may change anything with a browser's cookies, and what
// every answer tells the browser to keep to.
//
// Whoever is known pays from a bucket of their own, everybody else from that of
// their address. A police station behind one address thus locks none of its
// officers out, whatever a machine among them sends.
package gate
