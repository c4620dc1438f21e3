using Microsoft.AspNetCore.Http;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Parts;

/// <summary>Answers with a page made of parts, and does what forms ask for.</summary>
internal static class AppPage
{
    /// <summary>Sends a page: over its parts what the last request came to.</summary>
    public static Task SendAsync(HttpContext context, Caller caller, App app, string title, IReadOnlyList<Part> parts, Outcome? outcome = null) =>
        PageResponse.SendAsync(context, Of(caller.Name, app, title, parts, outcome ?? Outcome.None), outcome?.Problem?.Status ?? StatusCodes.Status200OK);

    /// <summary>The page itself.</summary>
    public static Page Of(string userName, App app, string title, IReadOnlyList<Part> parts, Outcome outcome)
    {
        List<Part> all = [];
        if (outcome.Problem is { } problem) all.Add(new Block(new Drawn(new AspNetCoreGeneratedDocument.shell_ProblemPanel { Model = problem })));
        if (outcome.Said is { } said) all.Add(said);
        return new Page(title, userName, app, new Stack([.. all, .. parts]).ToSlice());
    }

    /// <summary>
    /// Does what a form asks for and leads to another page; a refusal shows the form again as it was sent. What the person may not do at all
    /// is an error page.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="formId">The form.</param>
    /// <param name="read">Makes the request of the fields.</param>
    /// <param name="act">Asks the service, and says where to go; null when it has answered by itself.</param>
    /// <param name="show">Shows the page of the form.</param>
    public static async Task SubmitAsync<T>(
        HttpContext context, string formId, Func<FormValues, T> read, Func<T, FormValues, Task<string?>> act, Func<Outcome, Task> show)
    {
        FormValues values = new(await context.Request.ReadFormAsync(context.RequestAborted));
        try
        {
            T request = read(values);
            values.RequireReadable();
            if (await act(request, values) is { } path) await PageResponse.SeeOther(context, path);
        }
        catch (ProblemException exception) when (exception.Code != "forbidden")
        {
            await show(new Outcome(exception.ToProblem(), formId, values));
        }
    }

    /// <summary>Does what a button asks for and leads to another page; a refusal shows the page again, with the reason.</summary>
    public static Task PressAsync(HttpContext context, Func<Task<string?>> act, Func<Outcome, Task> show) =>
        SubmitAsync(context, "", _ => true, (_, _) => act(), show);

    /// <summary>Does what a <see cref="Confirmation"/> asks for when the exact name was typed.</summary>
    public static Task ConfirmAsync(HttpContext context, string name, Func<Task<string?>> act, Func<Outcome, Task> show) => SubmitAsync(
        context,
        "confirm",
        values =>
        {
            values.RequireTyped(name);
            return true;
        },
        (_, _) => act(),
        show);
}
