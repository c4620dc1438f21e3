using System.Text;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>
/// The <c>Idempotency-Key</c> of a change, at any address: its repetition is known by address, parameters and body. How long the client would
/// wait for the answer is no part of what it asks.
/// </summary>
internal static class IdempotencyKeys
{
    /// <summary>The caller with what is asked, when the request has a key; the body can be read again afterwards.</summary>
    public static async Task<Caller> ReadAsync(HttpContext context, Caller caller)
    {
        if (context.IdempotencyKey is not { } key) return caller;
        HttpRequest request = context.Request;
        IEnumerable<string> parameters = request.Query.Where(pair => pair.Key != "wait").OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        MemoryStream body = new();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        request.Body = body;
        return caller with { Request = IdempotentRequest.Of(key, [.. Encoding.UTF8.GetBytes($"{request.Path}?{string.Join('&', parameters)}\n"), .. body.ToArray()]) };
    }
}
