// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter/filter_expression.h"

#include <QString>
#include <QStringView>

namespace decoy::ui {

/// One word of the filter language, and where it stands.
struct FilterToken {
    enum class Kind : quint8 {
        End,
        Word,
        Number,
        String,
        Pattern,
        Comparison, ///< == != < <= > >= ~ in
        And,
        Or,
        Not,
        LeftParenthesis,
        RightParenthesis,
        LeftBrace,
        RightBrace,
        Comma,
        Invalid
    };

    Kind kind = Kind::End;
    qsizetype position = 0;
    qsizetype length = 0;
    FilterOperator comparison = FilterOperator::Exists;
    FilterLiteral literal; ///< of words, numbers, strings and patterns
    QString problem;       ///< of Invalid

    [[nodiscard]] qsizetype end() const noexcept { return position + length; }
};

/// Cuts a filter into tokens, one at a time. Never fails: what it cannot read is a token that says why.
class FilterLexer {
public:
    explicit FilterLexer(QStringView text) noexcept : m_text(text) {}
    [[nodiscard]] FilterToken next();

private:
    [[nodiscard]] QChar at(qsizetype position) const noexcept
    {
        return position < m_text.size() ? m_text[position] : QChar();
    }
    FilterToken token(FilterToken::Kind kind, qsizetype length);
    FilterToken invalid(qsizetype length, const QString &problem);
    FilterToken quoted(QChar mark, FilterLiteral::Kind kind);
    FilterToken word();
    FilterToken number();
    FilterToken symbol();

    QStringView m_text;
    qsizetype m_at = 0;
};

/// A text as a literal of the language: as it is where it is a plain word, else in quotation marks.
[[nodiscard]] QString filterWord(const QString &text);

} // namespace decoy::ui
