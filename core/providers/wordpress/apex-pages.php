<?php
/**
 * Plugin Name: Apex pages
 * Description: Lets Apex give its pages structured data (JSON-LD), a title and a description for search engines, and a canonical address.
 * Version: 1.0.0
 * Requires at least: 6.2
 * Requires PHP: 7.4
 * License: MIT
 *
 * To install: put this file into wp-content/mu-plugins/ (make the folder if there is none), or upload it zipped as a plugin.
 */

if (!defined('ABSPATH')) exit;

add_action('init', function () {
    $fields = ['jsonld' => 100000, 'apex_title' => 300, 'apex_description' => 600, 'apex_canonical' => 2048];
    foreach (['page', 'post'] as $type) {
        foreach ($fields as $name => $longest) {
            register_post_meta($type, $name, [
                'type' => 'string',
                'single' => true,
                'default' => '',
                'show_in_rest' => ['schema' => ['type' => 'string', 'maxLength' => $longest]],
                // Whoever may edit the page, and nobody else.
                'auth_callback' => fn ($allowed, $key, $post_id, $user_id) => user_can($user_id, 'edit_post', $post_id),
            ]);
        }
    }
});

function apex_page_field($name) {
    return is_singular(['page', 'post']) ? (string) get_post_meta(get_queried_object_id(), $name, true) : '';
}

/** Plugins that print titles, descriptions and canonical addresses themselves: what they print is not doubled. */
function apex_has_seo_plugin() {
    return defined('WPSEO_VERSION') || class_exists('RankMath') || defined('AIOSEO_VERSION') || defined('SEOPRESS_VERSION');
}

add_action('wp_head', function () {
    $nodes = json_decode(apex_page_field('jsonld'), true);
    if (is_array($nodes)) {
        foreach (apex_is_list($nodes) ? $nodes : [$nodes] as $node) {
            // Data that holds "</script>" cannot end the element: every < and > is written as an escape.
            echo '<script type="application/ld+json">', wp_json_encode($node, JSON_HEX_TAG | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "</script>\n";
        }
    }
    $description = apex_page_field('apex_description');
    if ($description !== '' && !apex_has_seo_plugin()) echo '<meta name="description" content="', esc_attr($description), "\">\n";
}, 5);

function apex_is_list($value) {
    return $value === [] || array_keys($value) === range(0, count($value) - 1);
}

add_filter('pre_get_document_title', function ($title) {
    $own = apex_page_field('apex_title');
    return $own === '' || apex_has_seo_plugin() ? $title : $own;
});

add_filter('get_canonical_url', function ($url, $post) {
    $own = (string) get_post_meta($post->ID, 'apex_canonical', true);
    return $own === '' ? $url : esc_url_raw($own, ['https', 'http']);
}, 10, 2);
