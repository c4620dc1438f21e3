using Microsoft.AspNetCore.Http;

namespace VSan.WebOs.Shell;

/// <summary>
/// The cookie that carries a session's bearer token. The <c>__Host-</c> prefix makes browsers insist on Secure, on this very host and on the
/// whole path (RFC 6265bis, 4.1.3.2); no script reads it, and no other site's request carries it.
/// </summary>
public static class SessionCookie
{
    /// <summary>Its name.</summary>
    public const string Name = "__Host-vsan-session";

    /// <summary>The bearer token of a request, or null.</summary>
    public static string? Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies.TryGetValue(Name, out string? bearer) && bearer.Length > 0 ? bearer : null;
    }

    /// <summary>Gives the browser a new session; one that it had before is replaced.</summary>
    public static void Set(HttpResponse response, string bearer, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(response);
        CookieOptions options = Options();
        options.Expires = expiresAt;
        response.Cookies.Append(Name, bearer, options);
    }

    /// <summary>Takes it away again.</summary>
    public static void Clear(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Cookies.Delete(Name, Options());
    }

    private static CookieOptions Options() => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
