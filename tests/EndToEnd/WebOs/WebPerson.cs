using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>Somebody at a browser. What the browser complains about is collected: errors, refused content, requests to other machines.</summary>
internal sealed class WebPerson : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    public WebPerson(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        page.Request += (_, request) => Complain(new Uri(request.Url).Host != "127.0.0.1", $"request to {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>The window in front.</summary>
    public ILocator Front => Page.Locator(".pane[data-front]");

    public async Task SignInAsync(string userName, string password)
    {
        await Page.GotoAsync("/");
        await Page.GetByLabel("User name").FillAsync(userName);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
    }

    /// <summary>Opens an app from the start menu, which no window covers, and waits for its content.</summary>
    public async Task<ILocator> OpenAsync(string app)
    {
        await Page.Locator("#start").ClickAsync();
        await Page.Locator("#start-menu").GetByRole(AriaRole.Link, new() { Name = app, Exact = true }).ClickAsync();
        ILocator window = Page.Locator($".pane[aria-labelledby={await Front.GetAttributeAsync("aria-labelledby")}]");
        await Assertions.Expect(window.Locator(".title")).Not.ToHaveTextAsync("…");
        return window;
    }

    /// <summary>Asserts that the browser had nothing to complain about.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Complain(bool isOne, string text)
    {
        if (isOne) _complaints.Enqueue(text);
    }
}
