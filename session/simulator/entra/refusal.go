package entra

import (
	"fmt"
	"net/http"
)

// refusals are Entra's: number, OAuth error, suberror and text.
var refusals = map[int][3]string{
	16000:   {"interaction_required", "", "Interaction required."},
	50020:   {"invalid_grant", "", "User account from identity provider does not exist in tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first."},
	50034:   {"invalid_grant", "", "The user account does not exist in the directory. To sign into this application, the account must be added to the directory."},
	50055:   {"invalid_grant", "user_password_expired", "The password is expired."},
	50057:   {"invalid_grant", "", "The user account is disabled."},
	50058:   {"interaction_required", "", "A silent sign-in request was sent but no user is signed in."},
	50059:   {"invalid_request", "", "No tenant-identifying information found in either the request or implied by any provided credentials."},
	50076:   {"interaction_required", "basic_action", "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."},
	50079:   {"interaction_required", "basic_action", "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource."},
	50105:   {"invalid_grant", "", "Your administrator has configured the application to block users unless they are specifically granted access to the application."},
	50126:   {"invalid_grant", "bad_token", "Error validating credentials due to invalid username or password."},
	50128:   {"invalid_grant", "", "Invalid domain name - No tenant-identifying information found in either the request or implied by any provided credentials."},
	50173:   {"invalid_grant", "token_expired", "The provided grant has expired due to it being revoked, a fresh auth token is needed."},
	53000:   {"interaction_required", "message_only", "Device is not in required device state. Conditional Access policy requires a compliant device, and the device is not compliant."},
	53003:   {"interaction_required", "message_only", "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."},
	65001:   {"invalid_grant", "consent_required", "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource."},
	70011:   {"invalid_scope", "", "The provided value for the input parameter 'scope' isn't valid."},
	70016:   {"authorization_pending", "", "OAuth 2.0 device flow error. Authorization is pending. Continue polling."},
	70020:   {"expired_token", "", "The provided device code is expired."},
	70000:   {"invalid_grant", "", "Provided grant is invalid or malformed."},
	90002:   {"invalid_tenant", "", "Tenant not found."},
	90072:   {"invalid_grant", "", "User account from identity provider does not exist in tenant and cannot access the application in that tenant."},
	90094:   {"invalid_grant", "consent_required", "Admin consent is required for the permissions requested by this application."},
	700016:  {"unauthorized_client", "", "Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."},
	700027:  {"invalid_client", "", "The certificate with identifier used to sign the client assertion is not registered on application."},
	700024:  {"invalid_client", "", "Client assertion is not within its valid time range."},
	700082:  {"invalid_grant", "token_expired", "The refresh token has expired due to inactivity."},
	900144:  {"invalid_request", "", "The request body must contain a parameter that it lacks."},
	50194:   {"invalid_request", "", "Application is not configured as a multi-tenant application."},
	50011:   {"invalid_request", "", "The redirect URI specified in the request does not match the redirect URIs configured for the application."},
	501481:  {"invalid_grant", "", "The Code_Verifier does not match the code_challenge supplied in the authorization request."},
	7000218: {"invalid_client", "", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."},
	54005:   {"invalid_grant", "", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."},
	1002012: {"invalid_request", "", "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."},
}

// Known says whether an authority can play a refusal.
func Known(number int) bool { _, ok := refusals[number]; return ok }

// refuse answers with a refusal; text is said instead of its usual text.
func refuse(w http.ResponseWriter, number int, text string) {
	r, ok := refusals[number]
	if !ok {
		r = [3]string{"invalid_request", "", "The request is not valid."}
	}
	if text == "" {
		text = r[2]
	}
	body := map[string]any{
		"error": r[0], "error_codes": []int{number}, "trace_id": "0b9c7a3e-5b0c-4a53-8f0a-0d9f6d0c2c11", "correlation_id": "f3b1c2d4-7788-4c1e-9a55-2f1e0d9c8b7a",
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: 0b9c7a3e-5b0c-4a53-8f0a-0d9f6d0c2c11 Correlation ID: f3b1c2d4-7788-4c1e-9a55-2f1e0d9c8b7a Timestamp: 2026-11-27 12:00:00Z", number, text),
	}
	if r[1] != "" {
		body["suberror"] = r[1]
	}
	if number == 50076 || number == 50079 || number == 53000 {
		body["claims"] = `{"access_token":{"polids":{"essential":true,"values":["9ab03e19-0000-4c1f-0000-0f1c00000000"]}}}`
	}
	status := 400
	if r[0] == "invalid_client" {
		status = 401
	}
	reply(w, status, body)
}
