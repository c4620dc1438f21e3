using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;

namespace VSan.WebOs.Shell;

/// <summary>What every request passes before its handler: a bounded body, its origin, a signed-in person; and what becomes of a problem.</summary>
internal static class Gate
{
    /// <summary>The longest form of ours is under 2 KiB, a desktop under 16; whoever sends more is not a page of ours.</summary>
    private const long FormBytesMax = DesktopService.BytesMax;

    /// <summary>
    /// For pages of a signed-in person; anybody else is sent to sign in and comes back. A form that is sent twice asks once: the second is given
    /// the answer of the first.
    /// </summary>
    public static RequestDelegate SignedIn(Func<HttpContext, Caller, Task> handler) => Open(async context =>
    {
        HttpRequest request = context.Request;
        if (context.Features.Get<Caller>() is { } caller)
        {
            await handler(context, HttpMethods.IsPost(request.Method) ? await AskingOnceAsync(request, caller) : caller);
            return;
        }

        string wanted = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "";
        await PageResponse.SeeOther(context, "/sign-in?return=" + Uri.EscapeDataString(ReturnPath.From(wanted).Path));
    });

    /// <summary>For everybody.</summary>
    public static RequestDelegate Open(RequestDelegate handler) => async context =>
    {
        string? userName = context.Features.Get<Caller>()?.Name;
        try
        {
            if (HttpMethods.IsPost(context.Request.Method)) RequireForm(context);
            if (HttpMethods.IsPut(context.Request.Method)) RequireOrigin(context);
            await handler(context);
        }
        catch (ProblemException exception)
        {
            await PageResponse.SendAsync(context, exception.ToProblem(), userName);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            Problem problem = ProblemCatalog.Describe("malformed", "The form is longer than any of ours or is cut off.", "Go back and send it again.");
            await PageResponse.SendAsync(context, problem, userName);
        }
    };

    private static async Task<Caller> AskingOnceAsync(HttpRequest request, Caller caller)
    {
        IFormCollection form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (FormValues.KeyOf(form) is not { } key) return caller;
        string asked = string.Join('&', form.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value.ToString())}"));
        return caller with { Request = IdempotentRequest.Of(key, Encoding.UTF8.GetBytes($"{request.Path}?{asked}")) };
    }

    private static void RequireForm(HttpContext context)
    {
        RequireOrigin(context);
        if (!context.Request.HasFormContentType)
            throw new ProblemException("malformed", "This is not a form.", "Programs use the REST API under /api/v1.");
    }

    private static void RequireOrigin(HttpContext context)
    {
        if (!SameOrigin.Holds(context.Request))
            throw new ProblemException("forbidden", "This form was not sent by a page of this station.", "Open the page here and send its form again.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = FormBytesMax;
    }
}
