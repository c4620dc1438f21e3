using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.SignIn;

/// <summary>Signing in and out.</summary>
internal sealed class SignInApp(StationServices services)
{
    /// <summary>GET /sign-in.</summary>
    public static Task ShowAsync(HttpContext context) =>
        SendAsync(context, new SignInModel("", ReturnPath.From(context.Request.Query["return"]), null));

    /// <summary>POST /sign-in.</summary>
    public async Task SignInAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string userName = form["user-name"].ToString().Trim();
        ReturnPath target = ReturnPath.From(form["return"]);
        string peerAddress = context.Connection.RemoteIpAddress?.ToString() ?? "";
        SessionCreated session;
        try
        {
            session = await services.Sessions.SignInAsync(new SessionCreate(userName, form["password"].ToString(), form["code"].ToString().Trim()), peerAddress, context.RequestAborted);
        }
        catch (ProblemException exception)
        {
            await SendAsync(context, new SignInModel(userName, target, Refusal(exception.ToProblem())));
            return;
        }
        SessionCookie.Set(context.Response, session.BearerToken, session.ExpiresAt);
        await PageResponse.SeeOther(context, target.Path);
    }

    /// <summary>POST /sign-out. Ends the session on the server too: a copy of the cookie is worth nothing afterwards.</summary>
    public async Task SignOutAsync(HttpContext context)
    {
        if (SessionCookie.Read(context.Request) is { } bearer) await services.Sessions.SignOutAsync(bearer, context.RequestAborted);
        SessionCookie.Clear(context.Response);
        await PageResponse.SeeOther(context, "/sign-in");
    }

    /// <summary>"Sign in first" is no help to somebody who is doing just that.</summary>
    private static Problem Refusal(Problem problem) => problem.Code == "unauthenticated"
        ? problem with { Title = "Not signed in", NextAction = problem.NextAction ?? "Check the user name, the password and the code and try again." }
        : problem;

    private static Task SendAsync(HttpContext context, SignInModel model) =>
        PageResponse.SendAsync(context,
            new Page("Sign in", null, null, new AspNetCoreGeneratedDocument.apps_sign_in_SignIn { Model = model }),
            model.Problem?.Status ?? StatusCodes.Status200OK);
}
