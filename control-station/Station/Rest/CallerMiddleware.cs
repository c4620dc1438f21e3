using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.Station.Rest;

/// <summary>
/// Finds out who asks: a bearer token of a session or a machine, the browser's session cookie, or a host's certificate. Puts the <see cref="Caller"/> into the
/// request's features. Every address of the API needs one that may do its action, unless it is marked as open; the pages of the web OS lead
/// strangers to their sign-in form themselves.
/// </summary>
internal sealed class CallerMiddleware(RequestDelegate next, SessionService sessions, HostService hosts, AccessService access, DenialRate denials)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string? bearer = Bearer(request);
        string? session = bearer ?? SessionCookie.Read(request);
        Caller? caller = session is null ? await HostCertificates.CallerAsync(context, hosts) : await sessions.AuthenticateAsync(session, context.RequestAborted);
        if (caller is not null) context.Features.Set(IsGuarded(context) ? caller with { SeenGeneration = Preconditions.Seen(request), IsDryRun = Preconditions.IsDryRun(request) } : caller);
        if (IsGuarded(context)) await RequireAsync(context, caller, byItself: bearer is null && (session is not null || IsOfBrowser(request)));
        await next(context);
    }

    /// <summary>The token of an <c>Authorization: Bearer</c> header, or null.</summary>
    public static string? Bearer(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    private static string? Action(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NeedsAttribute>()?.Action;

    private static bool IsGuarded(HttpContext context) =>
        (context.Request.Path.StartsWithSegments("/api") || Action(context) is not null) && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null;

    // Browsers say on whose behalf they ask; programs do not.
    private static bool IsOfBrowser(HttpRequest request) => request.Headers.ContainsKey("Sec-Fetch-Site") || request.Headers.ContainsKey(HeaderNames.Origin);

    private async Task RequireAsync(HttpContext context, Caller? caller, bool byItself)
    {
        HttpRequest request = context.Request;
        string address = $"{request.Method} {request.Path}";
        if (caller is null)
        {
            if (denials.TryCount(context.PeerAddress())) await access.DenyAsync(context.PeerAddress(), address, context.RequestAborted);
            throw new ProblemException("unauthenticated", "This address needs a valid session or access token.", $"Sign in with POST {RestApi.Root}/sessions and send the token as Authorization: Bearer.");
        }

        // A browser sends a cookie and a certificate by itself, whoever made it ask: what changes something must come from our own pages.
        bool isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (byItself && !isSafe && !SameOrigin.Holds(request))
            throw new ProblemException("forbidden", "The request came from another site's page.", "Use a bearer token from programs.");

        // What routing makes up to say 405 is no address of ours.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return;
        string? action = Action(context);
        await access.RequireAsync(caller, action, address, context.RequestAborted);
        if (endpoint.Metadata.GetMetadata<LargeBodyAttribute>() is { } large)
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = large.BytesMax;
        }
        else if (!isSafe)
        {
            context.Features.Set(await IdempotencyKeys.ReadAsync(context, context.Caller));
        }

        if (isSafe && Preconditions.SubjectOf(endpoint, context, action!) is { } subject) await Preconditions.TagAsync(context, access, subject);
    }
}
