using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>The one place where errors of a request become problem documents (RFC 9457). The client never sees a stack.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            HttpResponse response = context.Response;
            bool isBare = !response.HasStarted && response.StatusCode >= 400 && response.ContentType is null && response.ContentLength is null;
            if (isBare) await Reply.ProblemAsync(context, HttpProblem.Of(response.StatusCode, context.Request));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            log.LogDebug("{Method} {Path}: the client hung up.", context.Request.Method, context.Request.Path);
        }
        catch (DryRunException tried) when (!context.Response.HasStarted)
        {
            await Reply.TriedAsync(context, tried.Result);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await Reply.ProblemAsync(context, Describe(context, exception));
        }
    }

    private Problem Describe(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem.ToProblem();
            case StoreFullException full:
                return full.AsProblem().ToProblem();
            case BadHttpRequestException bad:
                return HttpProblem.Of(bad.StatusCode, context.Request);
            case JsonException json:
                return ProblemCatalog.Describe("malformed", $"The body is not the JSON that this address takes: {json.Path ?? "$"}, line {json.LineNumber + 1}.");
            default:
                log.LogError(exception, "{Method} {Path} failed, {TraceId}.", context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return HttpProblem.Internal(context.TraceIdentifier);
        }
    }
}
