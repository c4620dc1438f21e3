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
        Listen(page);
    }

    public IPage Page { get; }

    /// <summary>The window in front.</summary>
    public ILocator Front => Page.Locator(".pane[data-front]");

    /// <summary>Another tab of the same browser, with the same session.</summary>
    public async Task<IPage> NewTabAsync(string path)
    {
        IPage tab = await _context.NewPageAsync();
        Listen(tab);
        await tab.GotoAsync(path);
        return tab;
    }

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

    /// <summary>Presses Tab until something has the focus: whoever has no pointer gets there too.</summary>
    public async Task TabToAsync(ILocator wanted)
    {
        const int Most = 200;
        for (int i = 0; i < Most; i++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not lead to {wanted}.");
    }

    /// <summary>Asserts that the browser had nothing to complain about.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Listen(IPage page)
    {
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        page.Request += (_, request) => Complain(new Uri(request.Url).Host != "127.0.0.1", $"request to {request.Url}");
    }

    private void Complain(bool isOne, string text)
    {
        if (isOne) _complaints.Enqueue(text);
    }
}
