using System.Globalization;
using Microsoft.Net.Http.Headers;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>
/// <c>ETag</c> and <c>If-Match</c> (RFC 9110, 8.8.3 and 13.1.1), and <c>?dryRun=true</c>. A tag is the object's stored generation: it changes
/// with what people change, not with what units report meanwhile.
/// </summary>
internal static class Preconditions
{
    /// <summary>No generation has this number: a tag that is not one of ours matches nothing.</summary>
    private const long Never = -1;

    /// <summary>The generation that <c>If-Match</c> names; null when the client does not say, or says <c>*</c>.</summary>
    public static long? Seen(HttpRequest request)
    {
        string tag = request.Headers.IfMatch.ToString().Trim();
        if (tag.Length == 0 || tag == "*") return null;
        return tag is ['"', .. var text, '"'] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long generation) ? generation : Never;
    }

    /// <summary>True when the client asks to try a change only.</summary>
    public static bool IsDryRun(HttpRequest request) => !HttpMethods.IsGet(request.Method) && request.Query["dryRun"] == "true";

    /// <summary>The object that an address shows: one that ends in its id.</summary>
    public static string? SubjectOf(RouteEndpoint endpoint, HttpContext context, string action) =>
        endpoint.RoutePattern.RawText!.EndsWith("{id:guid}", StringComparison.Ordinal) ? $"{action.Split('.')[0]}/{context.Request.RouteValues["id"]}" : null;

    /// <summary>Tags the answer. The generation is read before the object: a change in between makes the tag too old, never too new.</summary>
    public static async Task TagAsync(HttpContext context, AccessService access, string subject)
    {
        if (await access.GenerationAsync(subject, context.RequestAborted) is { } generation)
            context.Response.Headers[HeaderNames.ETag] = string.Create(CultureInfo.InvariantCulture, $"\"{generation}\"");
    }
}
