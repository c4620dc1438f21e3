using Microsoft.AspNetCore.Http;

namespace VSan.WebOs.Shell;

/// <summary>
/// Tells a form of ours from one that another site made the browser send. Every browser says so itself: in <c>Sec-Fetch-Site</c>, or, if it is
/// old, in <c>Origin</c>. A request that says neither is refused: only programs do that, and they have the REST API.
/// </summary>
public static class SameOrigin
{
    /// <summary>True when the request was made by a page of this very origin.</summary>
    public static bool Holds(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site == "same-origin";
        string origin = request.Headers.Origin.ToString();
        return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
