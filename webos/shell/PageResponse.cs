using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;

namespace VSan.WebOs.Shell;

/// <summary>Answers with a page. It is rendered whole before its first byte is sent, so that a failure is an error page and not half a page.</summary>
internal static class PageResponse
{
    /// <summary>Nothing but our own style sheet, images and forms; no script at all, no frame around us.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Sends a page.</summary>
    public static async Task SendAsync(HttpContext context, Page page, int status = StatusCodes.Status200OK)
    {
        string html = await new AspNetCoreGeneratedDocument.shell_Layout { Model = page }.RenderAsync();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": that would make browsers hide the Origin that SameOrigin looks at.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>Sends the error page of a problem.</summary>
    public static Task SendAsync(HttpContext context, Problem problem, string? userName) =>
        SendAsync(context, new Page(problem.Title, userName, null, new AspNetCoreGeneratedDocument.shell_ErrorPage { Model = problem }), problem.Status);

    /// <summary>Sends the browser elsewhere with a GET, so that reloading a page does not repeat a form.</summary>
    public static Task SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
