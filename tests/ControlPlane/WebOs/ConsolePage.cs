using System.Net;
using System.Xml.Linq;
using VSan.Contracts.Api;
using VSan.Tests.Markup;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>A page as a browser without scripts has it. Every page that is read is checked: well formed, nothing that the policy forbids, ids unique, controls named.</summary>
internal sealed class ConsolePage
{
    private readonly WebConsole _console;
    private readonly Role _role;

    public ConsolePage(WebConsole console, Role role, HttpStatusCode status, string? location, string html)
    {
        _console = console;
        _role = role;
        Status = status;
        Location = location;
        Html = html;
        Markup = PageMarkup.Parse(html.Length > 0 ? html : "<html />");
        Assert.Empty(PageMarkup.Forbidden(Markup));
        Assert.Empty(PageMarkup.Repeated(Markup));
        Assert.Empty(PageMarkup.Unnamed(Markup));
        Assert.DoesNotContain(Markup.Descendants("img"), image => (string?)image.Attribute("src") == "x");
    }

    public HttpStatusCode Status { get; }

    public string? Location { get; }

    public string Html { get; }

    public XDocument Markup { get; }

    /// <summary>What a person reads, with single spaces.</summary>
    public string Text => string.Join(' ', Main.DescendantNodes().OfType<XText>().SelectMany(text => text.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>Where every form and link leads.</summary>
    public IEnumerable<string> Ways => Main.Descendants().Select(e => (string?)e.Attribute("action") ?? (string?)e.Attribute("href")).OfType<string>();

    /// <summary>Where the forms lead that change something.</summary>
    public IEnumerable<string> Changes => Main.Descendants("form").Where(form => (string?)form.Attribute("method") == "post").Select(form => (string)form.Attribute("action")!);

    private XElement Main => Markup.Descendants("main").SingleOrDefault() ?? Markup.Root!;

    /// <summary>Sends a form of this page as a browser would, with some fields filled in by hand.</summary>
    public Task<ConsolePage> SubmitAsync(string path, params (string Name, string Value)[] typed) => _console.PostAsync(path, _role, [.. FieldsOf(path, typed)]);

    /// <summary>The same, and then where the answer leads.</summary>
    public Task<ConsolePage> FollowAsync(string path, params (string Name, string Value)[] typed) => _console.FollowAsync(path, _role, [.. FieldsOf(path, typed)]);

    private IEnumerable<(string Name, string Value)> FieldsOf(string path, (string Name, string Value)[] typed)
    {
        XElement form = Assert.Single(Main.Descendants("form"), form => (string?)form.Attribute("action") == path && (string?)form.Attribute("method") == "post");
        foreach (XElement field in form.Descendants().Where(e => e.Name.LocalName is "input" or "select"))
        {
            string name = (string)field.Attribute("name")!;
            bool isOff = (string?)field.Attribute("type") == "checkbox" && field.Attribute("checked") is null;
            if (!isOff && typed.All(one => one.Name != name)) yield return (name, ValueOf(field));
        }

        foreach ((string name, string value) in typed)
        {
            Assert.Contains(form.Descendants(), e => (string?)e.Attribute("name") == name);
            yield return (name, value);
        }
    }

    private static string ValueOf(XElement field)
    {
        if (field.Name.LocalName != "select") return (string?)field.Attribute("value") ?? "";
        XElement? chosen = field.Elements("option").FirstOrDefault(option => option.Attribute("selected") is not null) ?? field.Elements("option").FirstOrDefault();
        return chosen is null ? "" : (string?)chosen.Attribute("value") ?? chosen.Value;
    }
}
