using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.WebOs.Slices;

namespace VSan.WebOs.Shell;

/// <summary>Answers with a page. It is rendered whole before its first byte is sent, so that a failure is an error page and not half a page.</summary>
internal static class PageResponse
{
    /// <summary>Strangers get our own style sheet, images and forms; no script at all, no frame around us.</summary>
    private const string StrangersPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Who is signed in gets one script too, ours, which speaks to this station alone and turns text into markup in one place (client/trusted.ts).</summary>
    private const string PersonsPolicy = StrangersPolicy + "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types vsan";

    /// <summary>Sends a page; to the shell, its content alone.</summary>
    public static Task SendAsync(HttpContext context, Page page, int status = StatusCodes.Status200OK) => SendAsync(
        context,
        Fragment.IsAsked(context.Request)
            ? new AspNetCoreGeneratedDocument.shell_Fragment { Model = new(page, HttpMethods.IsPost(context.Request.Method)) }
            : new AspNetCoreGeneratedDocument.shell_Layout { Model = page },
        page.UserName is null ? StrangersPolicy : PersonsPolicy,
        status);

    /// <summary>Sends the desktop.</summary>
    public static Task SendDesktopAsync(HttpContext context, DesktopModel desktop) =>
        SendAsync(context, new AspNetCoreGeneratedDocument.shell_Desktop { Model = desktop }, PersonsPolicy, StatusCodes.Status200OK);

    private static async Task SendAsync(HttpContext context, Slice document, string policy, int status)
    {
        string html = await document.RenderAsync();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "X-Fragment";
        headers.ContentSecurityPolicy = policy;
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
