using System.Net;

namespace VSan.Station.Rest;

/// <summary>Headers that every answer has unless its endpoint has set stricter ones.</summary>
internal static class SecurityHeaders
{
    private const string OneYear = "max-age=31536000";

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path.StartsWithSegments("/api")) headers.CacheControl = "no-store";

        // Browsers apply it to the whole host name: on loopback it would lock a developer out of other local servers.
        bool isLoopback = context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);
        if (!isLoopback) headers.StrictTransportSecurity = OneYear;
        return next(context);
    }
}
