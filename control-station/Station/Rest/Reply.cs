using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;

namespace VSan.Station.Rest;

/// <summary>Answers in JSON.</summary>
internal static class Reply
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public static Task OkAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) => JsonAsync(context, StatusCodes.Status200OK, value, type);

    public static Task JsonAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type) => SendAsync(context, status, Json, value, type);

    /// <summary>Something was made, and has its own address.</summary>
    public static Task CreatedAsync<T>(HttpContext context, string location, T value, JsonTypeInfo<T> type)
    {
        context.Response.Headers.Location = location;
        return JsonAsync(context, StatusCodes.Status201Created, value, type);
    }

    /// <summary>Work that goes on as an operation.</summary>
    public static Task AcceptedAsync(HttpContext context, Operation operation)
    {
        PointTo(context, operation);
        return JsonAsync(context, StatusCodes.Status202Accepted, operation, ApiJson.Default.Operation);
    }

    /// <summary>Tells where the operation of this request is to be watched.</summary>
    public static void PointTo(HttpContext context, Operation operation) =>
        context.Response.Headers["Operation-Location"] = $"{RestApi.Root}/operations/{operation.Id:D}";

    /// <summary>What a change would have given, had it not been a dry run; nothing when that is no document of the API.</summary>
    public static Task TriedAsync(HttpContext context, object? result)
    {
        context.Response.Headers["Dry-Run"] = "true";
        if (result is null || ApiJson.Default.GetTypeInfo(result.GetType()) is not { } type || result is bool) return NoContent(context);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = Json;
        return JsonSerializer.SerializeAsync(context.Response.Body, result, type, context.RequestAborted);
    }

    public static Task NoContent(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task ProblemAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        return SendAsync(context, problem.Status, ProblemJson, problem, ApiJson.Default.Problem);
    }

    private static async Task SendAsync<T>(HttpContext context, int status, string mediaType, T value, JsonTypeInfo<T> type)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
